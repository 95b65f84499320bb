# shellcheck shell=bash
# The engine host: one mount+network+name+process namespace in which libvirt, Open vSwitch and OVN run.
: "${top:?}" "${state:?}"
host_name=local

inside() { nsenter -t "$(pid_of host)" -m -n -u -p -- "$@"; }

start_host() {
    pid_of host > /dev/null && { plug_cable; return; }
    [ -s "$state/host.uuid" ] || cat /proc/sys/kernel/random/uuid > "$state/host.uuid"
    mkdir -p "$state/host"
    bury_host
    new_host
    plug_cable
}

# A host that was killed dies for as long as its guests take to; only then its directories and its cable are free.
bury_host() {
    local part
    for part in host unshare; do
        wait_gone $part 30 || fail "the engine host that ended is not gone" "its process $(remains $part) is still dying after 30 s" "./xiangyun up again later" "$state/log/host.log"
    done
    unplug_cable
    rm -f "$state/host/up"
}

new_host() {
    local outer child uuid
    uuid=$(cat "$state/host.uuid") # not below: the shell in the background would have a child of its own, taken for process 1
    unshare --mount --net --uts --pid --fork --propagation private --mount-proc --kill-child=KILL \
        "$top/eng/host/init.sh" "$state/host" "$host_name" "$uuid" >> "$state/log/host.log" 2>&1 < /dev/null 8>&- 9>&- &
    outer=$!
    child=$(child_of "$outer") || fail "the engine host did not start" "unshare made no namespace" "a container needs CAP_SYS_ADMIN (privileged) for namespaces" "$state/log/host.log"
    record unshare "$outer"
    record host "$child"
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

wait_host() {
    local again=1 ended
    for _ in $(seq 300); do
        [ -e "$state/host/up" ] && return
        if ! pid_of host > /dev/null; then
            ended=0
            wait "$(cut -d' ' -f1 "$state/run/unshare.pid")" || ended=$?
            [ -n "$again" ] || fail "the engine host ended twice" "its process 1 ended with $ended" "see the log" "$state/log/host.log"
            again=''
            say "note: the engine host ended with $ended and is started once more; its last words: $(tail -n 1 "$state/log/host.log")"
            start_host
        fi
        sleep 0.1
    done
    fail "the engines did not come up in 30 s" "$(tail -n 1 "$state/log/host.log")" "./xiangyun doctor names the engine; its own log lies below $state/host/var/log" "$state/log/host.log"
}

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
    # once in many runs the kernel answered "Invalid argument" to one of these, and took the same a moment later
    for _ in 1 2 3 4 5; do
        rm -f "$state/host/run/ovn/cable"
        lay_cable "$cable" && return
        ip link del "$cable" 2> /dev/null || true
        sleep 0.5
    done
    fail "the cable to the engine host could not be laid" "the command named above failed five times" "the machine must let root make veth pairs" "$state/log/host.log"
}

lay_cable() {
    ip link add "$1" type veth peer name xy-ext1 netns "$(pid_of host)" || { say "note: no pair of devices $1 and xy-ext1"; return 1; }
    ip addr add 172.24.4.1/24 dev "$1" || { say "note: no address for $1"; return 1; }
    [ -x /usr/lib/openvswitch-switch-dpdk/ovs-vswitchd-dpdk ] || ethtool -K "$1" tx off > /dev/null || { say "note: $1 keeps its offloads"; return 1; }
    ip link set "$1" up || { say "note: $1 does not come up"; return 1; }
}

unplug_cable() {
    local cable
    cable=$(cable_name)
    # it may go on its own while we look, with the namespace at its other end
    [ ! -e "/sys/class/net/$cable" ] || ip link del "$cable" 2> /dev/null || [ ! -e "/sys/class/net/$cable" ]
}

stop_host() {
    local pid
    pid=$(pid_of host) && { kill -KILL "$pid" || true; }
    wait_gone host 10 || true
    stop_process unshare 2
    rm -f "$state/run/host.pid"
    unplug_cable
}
