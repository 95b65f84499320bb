# shellcheck shell=bash
# One start function for each engine, in the order in which they need each other; all detach and write a pid file.
: "${name:?}"
engines="ovsdb vswitch northdb southdb northd controller libvirt"
ovs=/run/openvswitch
ovn=/run/ovn
tso_build=/usr/lib/openvswitch-switch-dpdk/ovs-vswitchd-dpdk

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
# then guests keep their offloads; the plain build loses every TCP packet with a partial checksum.
start_vswitch() {
    local program=ovs-vswitchd tso=false
    [ -x $tso_build ] && program=$tso_build tso=true
    ovs-vsctl --no-wait set Open_vSwitch . external_ids:system-id="$name" external_ids:hostname="$name" external_ids:ovn-bridge-datapath-type=netdev \
        other_config:userspace-tso-enable=$tso external_ids:ovn-bridge-mappings=physnet1:br-ex external_ids:ovn-remote=unix:$ovn/ovnsb_db.sock \
        external_ids:ovn-encap-type=geneve external_ids:ovn-encap-ip=127.0.0.1 external_ids:ovn-bridge=br-int
    "$program" unix:$ovs/db.sock --pidfile=$ovs/ovs-vswitchd.pid --unixctl=$ovs/ovs-vswitchd.ctl --log-file=/var/log/openvswitch/ovs-vswitchd.log --detach -vconsole:off
}

database() { # nb|sb
    local file=/var/lib/ovn/ovn$1.db
    [ -f "$file" ] || ovsdb-tool create "$file" "/usr/share/ovn/ovn-$1.ovsschema"
    ovsdb-server "$file" --remote="punix:$ovn/ovn$1_db.sock" --unixctl="$ovn/ovn$1_db.ctl" --pidfile="$ovn/ovn$1_db.pid" \
        --log-file="/var/log/ovn/ovsdb-$1.log" --detach -vconsole:off && "ovn-$1ctl" init
}
start_northdb() { database nb; }
start_southdb() { database sb; }
start_northd() {
    ovn-northd --ovnnb-db=unix:$ovn/ovnnb_db.sock --ovnsb-db=unix:$ovn/ovnsb_db.sock --pidfile=$ovn/ovn-northd.pid \
        --log-file=/var/log/ovn/ovn-northd.log --detach -vconsole:off
}
start_controller() {
    ovn-controller unix:$ovs/db.sock --pidfile=$ovn/ovn-controller.pid --log-file=/var/log/ovn/ovn-controller.log --detach -vconsole:off
}
start_libvirt() {
    rm -f /run/libvirt/libvirtd.pid
    libvirtd -d -p /run/libvirt/libvirtd.pid
}

# br-int for guests; br-ex = physnet1 with our own address for tests inside, and the cable to the machine when it is plugged in.
# A switch that was restarted has made its devices anew, so this runs again and again and does nothing when all is there.
ensure_bridges() {
    is_alive vswitch || return 0
    if ! ip -4 addr show dev br-ex 2> /dev/null | grep -q 172.24.4.2/; then
        ovs-vsctl --timeout=10 --may-exist add-br br-int -- set Bridge br-int datapath_type=netdev fail-mode=secure other_config:disable-in-band=true \
            -- --may-exist add-br br-ex -- set Bridge br-ex datapath_type=netdev
        ip link set br-ex up && ip addr replace 172.24.4.2/24 dev br-ex
    fi
    if [ -e /sys/class/net/xy-ext1 ] && [ ! -e /run/ovn/cable ]; then
        ip link set xy-ext1 up
        [ -x $tso_build ] || ethtool -K xy-ext1 tx off > /dev/null
        ovs-vsctl --timeout=10 --may-exist add-port br-ex xy-ext1 && : > /run/ovn/cable
    fi
}

all_answer() {
    local engine
    for engine in $engines; do is_alive "$engine" || return 1; done
    ip -4 addr show dev br-ex 2> /dev/null | grep -q 172.24.4.2/ && [ -S /run/libvirt/libvirt-sock ]
}
