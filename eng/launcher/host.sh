# shellcheck shell=bash disable=SC2016,SC2154
# The engine hosts: each is one mount+network+name+process namespace in which libvirt, Open vSwitch and OVN run. The first
# also runs OVN's databases and holds the cable to the machine. With one host Open vSwitch's dpdk build keeps the guests'
# offloads; it drops what it would have to segment into a tunnel, so several hosts do without.
: "${top:?}" "${state:?}"
with_offload() { [ "$hosts" = 1 ] && [ -x /usr/lib/openvswitch-switch-dpdk/ovs-vswitchd-dpdk ]; }

host_root() { [ "$1" = 1 ] && echo "$state/host" || echo "$state/hosts/$1"; }
host_pid() { pid_of "$(nth host "$1")"; }
host_log() { echo "$state/log/$(nth host "$1").log"; }
host_runs() { host_pid "$1" > /dev/null; }
underlay() { [ "$hosts" = 1 ] || echo "10.99.0.$1"; }

# inside HOST COMMAND...
inside() {
    local pid
    pid=$(host_pid "$1")
    shift
    nsenter -t "$pid" -m -n -u -p -- "$@"
}

start_hosts() {
    local i
    for i in $(seq "$hosts"); do
        host_runs "$i" || { bury_host "$i"; new_host "$i"; }
        if [ "$i" = 1 ]; then plug_cable; else tie_host "$i"; fi
    done
}

# A host that was killed dies for as long as its guests take to; only then its directories and its cables are free.
bury_host() {
    local part
    for part in host unshare; do
        part=$(nth $part "$1")
        wait_gone "$part" 30 || fail "the engine host that ended is not gone" "its process $(remains "$part") is still dying after 30 s" "./xiangyun up again later" "$(host_log "$1")"
    done
    unplug_host "$1"
    rm -f "$(host_root "$1")/up"
}

new_host() {
    local outer child root name uuid id log
    root=$(host_root "$1") name=$(nth local "$1") id=$state/$(nth host "$1").uuid log=$(host_log "$1")
    [ -s "$id" ] || cat /proc/sys/kernel/random/uuid > "$id"
    uuid=$(cat "$id")
    mkdir -p "$root"
    [ "$hosts" = 1 ] || give_certificates "$root" "$(underlay "$1")"
    # every word is known by now: a $(...) here would be a child of the shell in the background, taken for process 1
    unshare --mount --net --uts --pid --fork --propagation private --mount-proc --kill-child=KILL \
        "$top/eng/host/init.sh" "$root" "$name" "$uuid" "$1" "$hosts" >> "$log" 2>&1 < /dev/null 8>&- 9>&- &
    outer=$!
    child=$(child_of "$outer") || fail "the engine host did not start" "unshare made no namespace" "a container needs CAP_SYS_ADMIN (privileged) for namespaces" "$log"
    record "$(nth unshare "$1")" "$outer"
    record "$(nth host "$1")" "$child"
}

# The one child of a process that forks into a namespace, waited for.
child_of() {
    local child
    for _ in $(seq 100); do
        child=$(tr -d ' ' < "/proc/$1/task/$1/children" 2>/dev/null) && [ -n "$child" ] && { echo "$child"; return; }
        sleep 0.02
    done
    return 1
}

# Guests move between hosts under TLS. libvirt and QEMU look for the same papers under names of their own.
give_certificates() {
    local pki=$1/etc/pki tls=$state/tls from=$state/tls/$2 side
    mkdir -p "$pki"/{CA,libvirt/private,qemu}
    cp "$tls/ca.crt" "$pki/CA/cacert.pem"
    cp "$tls/ca.crt" "$pki/qemu/ca-cert.pem"
    for side in server client; do
        cp "$from.crt" "$pki/libvirt/${side}cert.pem"
        cp "$from.key" "$pki/libvirt/private/${side}key.pem"
        cp "$from.crt" "$pki/qemu/$side-cert.pem"
        cp "$from.key" "$pki/qemu/$side-key.pem"
    done
}

wait_hosts() {
    local i
    for i in $(seq "$hosts"); do wait_host "$i"; done
}

wait_host() {
    local again=1 ended up log
    up=$(host_root "$1")/up log=$(host_log "$1")
    for _ in $(seq 300); do
        [ -e "$up" ] && return
        if ! host_runs "$1"; then
            ended=0
            wait "$(cut -d' ' -f1 "$state/run/$(nth unshare "$1").pid")" || ended=$?
            [ -n "$again" ] || fail "the engine host ended twice" "its process 1 ended with $ended" "see the log" "$log"
            again=''
            say "note: the engine host ended with $ended and is started once more; its last words: $(tail -n 1 "$log")"
            start_hosts
        fi
        sleep 0.1
    done
    fail "the engines did not come up in 30 s" "$(tail -n 1 "$log")" "./xiangyun doctor names the engine; its own log lies below $(host_root "$1")/var/log" "$log"
}

# Two pairs of devices tie a host to the first one: `under` carries the tunnels, `outer` the external network, so that
# every host can be a gateway. Each end is called after the host at the other.
tie_host() {
    local what
    for what in under outer; do
        inside "$1" test -e "/sys/class/net/${what}1" ||
            ip link add "$what$1" netns "$(host_pid 1)" type veth peer name "${what}1" netns "$(host_pid "$1")" ||
            fail "host $1 could not be tied to the first" "no pair of devices $what$1 and ${what}1" "the machine must let root make veth pairs" "$(host_log "$1")"
    done
}

# What a dead host was tied by goes with it, but later than the host, perhaps only when its successor is there.
unplug_host() {
    local i what
    [ "$1" != 1 ] || cut_device "$(cable_name)"
    for i in $(seq 2 "$hosts"); do
        for what in under outer; do
            if [ "$1" = 1 ]; then ! host_runs "$i" || cut_device "${what}1" inside "$i"
            elif [ "$1" = "$i" ]; then ! host_runs 1 || cut_device "$what$i" inside 1; fi
        done
    done
}

# cut_device DEVICE [inside HOST]: it may go on its own while we look
cut_device() { "${@:2}" sh -c 'there() { [ -e "/sys/class/net/$0" ]; }; ! there || ip link del "$0" 2> /dev/null || ! there' "$1"; }

cable_name() { [ "$state" = /var/lib/xiangyun ] && echo xy-ext0 || echo "xy-$(cksum <<< "$state" | cut -d' ' -f1)"; }

# The machine's end of the external network, so that floating IPs answer here. Only one cloud on a machine can have it.
plug_cable() {
    local cable
    cable=$(cable_name)
    [ -e "/sys/class/net/$cable" ] && return
    if ip -4 route show | grep -q '172\.24\.4\.'; then
        say "note: 172.24.4.0/24 is in use on this machine; floating IPs of this cloud answer through ./xiangyun exec only"
        return
    fi
    lay_cable "$cable" || fail "the cable to the engine host could not be laid" "the command named above failed" "the machine must let root make veth pairs" "$(host_log 1)"
}

lay_cable() {
    ip link add "$1" type veth peer name xy-ext1 netns "$(host_pid 1)" || { say "note: no pair of devices $1 and xy-ext1"; return 1; }
    ip addr add 172.24.4.1/24 dev "$1" || { say "note: no address for $1"; return 1; }
    with_offload || ethtool -K "$1" tx off > /dev/null || { say "note: $1 keeps its offloads"; return 1; }
    ip link set "$1" up || { say "note: $1 does not come up"; return 1; }
}

stop_host() {
    local pid
    pid=$(host_pid "$1") && { kill -KILL "$pid" || true; }
    wait_gone "$(nth host "$1")" 10 || true
    stop_process "$(nth unshare "$1")" 2
    rm -f "$state/run/$(nth host "$1").pid"
    unplug_host "$1"
}
