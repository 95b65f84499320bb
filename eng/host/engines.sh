# shellcheck shell=bash
# One start function for each engine, in the order in which they need each other; all detach and write a pid file.
: "${name:?}" "${number:?}" "${hosts:?}"
# OVN's databases run in the first host
engines="ovsdb vswitch northdb southdb northd controller libvirt"
[ "$number" = 1 ] || engines="ovsdb vswitch controller libvirt"
# between hosts: tunnels over 10.99.0.0/24
southdb=unix:/run/ovn/ovnsb_db.sock encap=127.0.0.1
[ "$hosts" = 1 ] || encap=10.99.0.$number
[ "$number" = 1 ] || southdb=tcp:10.99.0.1:6642
ovs=/run/openvswitch
ovn=/run/ovn
tso_build=/usr/lib/openvswitch-switch-dpdk/ovs-vswitchd-dpdk
with_tso() { [ "$hosts" = 1 ] && [ -x $tso_build ]; }

pid_file() {
    case $1 in
        ovsdb) echo $ovs/ovsdb-server.pid ;; vswitch) echo $ovs/ovs-vswitchd.pid ;;
        northdb) echo $ovn/ovnnb_db.pid ;; southdb) echo $ovn/ovnsb_db.pid ;;
        northd) echo $ovn/ovn-northd.pid ;; controller) echo $ovn/ovn-controller.pid ;;
        libvirt) echo /run/libvirt/libvirtd.pid ;;
    esac
}
is_alive() {
    local pid
    pid=$(cat "$(pid_file "$1")" 2> /dev/null) && [ -n "$pid" ] && [ -d "/proc/$pid" ] && ! grep -q '^State:.Z' "/proc/$pid/status"
}

start_ovsdb() {
    [ -f /etc/openvswitch/conf.db ] || ovsdb-tool create /etc/openvswitch/conf.db /usr/share/openvswitch/vswitch.ovsschema
    ovsdb-server /etc/openvswitch/conf.db --remote=punix:$ovs/db.sock --pidfile --log-file --detach -vconsole:off && ovs-vsctl --no-wait init
}

# The userspace datapath needs no kernel module. Debian's dpdk build (DPDK itself not started) can segment in software,
# then guests keep their offloads, but it drops such packets when they enter a tunnel; the plain build loses every TCP
# packet with a partial checksum.
start_vswitch() {
    local program=ovs-vswitchd tso=false
    ! with_tso || program=$tso_build tso=true
    ovs-vsctl --no-wait set Open_vSwitch . external_ids:system-id="$name" external_ids:hostname="$name" external_ids:ovn-bridge-datapath-type=netdev \
        other_config:userspace-tso-enable=$tso external_ids:ovn-bridge-mappings=physnet1:br-ex external_ids:ovn-remote=$southdb \
        external_ids:ovn-encap-type=geneve external_ids:ovn-encap-ip="$encap" external_ids:ovn-bridge=br-int
    "$program" unix:$ovs/db.sock --pidfile=$ovs/ovs-vswitchd.pid --unixctl=$ovs/ovs-vswitchd.ctl --log-file=/var/log/openvswitch/ovs-vswitchd.log --detach -vconsole:off && ensure_bridges
}

database() { # nb|sb [REMOTE]
    local file=/var/lib/ovn/ovn$1.db
    [ -f "$file" ] || ovsdb-tool create "$file" "/usr/share/ovn/ovn-$1.ovsschema"
    ovsdb-server "$file" --remote="punix:$ovn/ovn$1_db.sock" ${2:+--remote="$2"} --unixctl="$ovn/ovn$1_db.ctl" --pidfile="$ovn/ovn$1_db.pid" \
        --log-file="/var/log/ovn/ovsdb-$1.log" --detach -vconsole:off && "ovn-$1ctl" init
}
start_northdb() { database nb; }
start_southdb() { if [ "$hosts" = 1 ]; then database sb; else database sb ptcp:6642:10.99.0.1; fi; }
start_northd() {
    ovn-northd --ovnnb-db=unix:$ovn/ovnnb_db.sock --ovnsb-db=unix:$ovn/ovnsb_db.sock --pidfile=$ovn/ovn-northd.pid \
        --log-file=/var/log/ovn/ovn-northd.log --detach -vconsole:off
}
start_controller() {
    ovn-controller unix:$ovs/db.sock --pidfile=$ovn/ovn-controller.pid --log-file=/var/log/ovn/ovn-controller.log --detach -vconsole:off
}
start_libvirt() {
    rm -f /run/libvirt/libvirtd.pid
    local hear=--listen
    [ "$hosts" != 1 ] || hear=''
    libvirtd -d $hear -p /run/libvirt/libvirtd.pid
}

# br-int for guests; br-ex = physnet1, in the first host with our own address for tests inside and the cable to the machine;
# br-phy owns the tunnels' address: a userspace tunnel leaves only through a bridge that does.
# A switch that was restarted has made its devices anew, so this runs again and again and does nothing when all is there.
ensure_bridges() {
    is_alive vswitch || return 0
    is_up br-ex || ovs-vsctl --timeout=10 --may-exist add-br br-int -- set Bridge br-int datapath_type=netdev fail-mode=secure other_config:disable-in-band=true
    if [ "$number" = 1 ]; then bridge br-ex 172.24.4.2/24; else bridge br-ex; fi
    # the other hosts' tunnels remember this one by its MAC for a quarter of an hour: one that starts again keeps it
    [ "$hosts" = 1 ] || bridge br-phy "$encap/24" "other_config:hwaddr=\"02:00:0a:63:00:0$number\""
    local device
    for device in /sys/class/net/{xy-ext,outer,under}[1-4]; do
        device=${device##*/}
        case $device in
            *\[*) ;;
            under*) plug "$device" br-phy ;;
            *) plug "$device" br-ex ;;
        esac
    done
}

is_up() { [ $(($(cat "/sys/class/net/$1/flags" 2> /dev/null || echo 0) & 1)) = 1 ]; }

bridge() { # NAME [ADDRESS [SETTING]]
    is_up "$1" && return
    ovs-vsctl --timeout=10 --may-exist add-br "$1" -- set Bridge "$1" datapath_type=netdev ${3:+"$3"}
    [ -z "${2:-}" ] || ip addr replace "$2" dev "$1"
    ip link set "$1" up
}

# plug DEVICE BRIDGE: the launcher makes devices, and makes them anew after the host at their other end was; a new one is
# down. In one transaction the switch would not notice and listen at the old one. The kernel would answer ARP there, too,
# for the bridge's address and with the wrong MAC.
plug() {
    is_up "$1" && return
    with_tso || ethtool -K "$1" tx off > /dev/null
    ovs-vsctl --timeout=10 --if-exists del-port "$1" && ovs-vsctl --timeout=10 add-port "$2" "$1" && ip link set "$1" up arp off
}

all_answer() {
    local engine
    for engine in $engines; do is_alive "$engine" || return 1; done
    is_up br-ex && [ -S /run/libvirt/libvirt-sock ]
}
