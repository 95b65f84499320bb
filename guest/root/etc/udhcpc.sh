#!/bin/sh
# Option 121 must be honoured: the route to the metadata service comes there, and RFC 3442 says that option 3 is then ignored.
. /usr/lib/xiangyun/say
case "$1" in
deconfig)
    ip addr flush dev $interface
    ip link set $interface up
    ;;
bound | renew)
    ip addr replace $ip/${mask:-24} dev $interface
    [ -n "$mtu" ] && ip link set $interface mtu $mtu
    if [ -n "$staticroutes" ]; then
        set -- $1 $staticroutes
        event=$1
        shift
        while [ $# -ge 2 ]; do
            if [ $2 = 0.0.0.0 ]; then ip route replace $1 dev $interface; else ip route replace $1 via $2 dev $interface; fi
            shift 2
        done
        set -- $event
    elif [ -n "$router" ]; then
        ip route replace default via ${router%% *} dev $interface
    fi
    : > /run/resolv.$interface
    for server in $dns; do echo nameserver $server >> /run/resolv.$interface; done
    cat /run/resolv.* > /etc/resolv.conf
    [ "$1" = bound ] && say "address $ip on $interface, mtu ${mtu:-default}"
    : > /run/address
    ;;
esac
