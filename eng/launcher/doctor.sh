# shellcheck shell=bash disable=SC2016,SC2034
# doctor: looks at every part; each line is fine, or says what is wrong and how to mend it. Changes nothing.
: "${top:?}" "${state:?}"
wrong=0

fine() { printf '  ok    %s\n' "$1"; }
bad() { printf '  WRONG %s\n        fix: %s\n' "$1" "$2"; wrong=$((wrong + 1)); }
look() { if eval "$1" > /dev/null 2>&1; then fine "$2"; else bad "$3" "$4"; fi; }

doctor() {
    local missing name free
    look '[ "$(id -u)" = 0 ]' "running as root" "not root" "sudo ./xiangyun doctor (and up)"
    look 'command -v dotnet && dotnet --list-sdks | grep -q "^10\."' ".NET 10 SDK" "no .NET 10 SDK" "install it from https://dotnet.microsoft.com so that dotnet is in PATH"
    missing=$(missing_packages engines | tr '\n' ' ')
    look '[ -z "$missing" ]' "engine packages" "missing packages: $missing" "./xiangyun up installs them (or: apt-get install --no-install-recommends $missing)"
    look 'is_built' "build is fresh" "not built, or sources are newer" "./xiangyun up builds"
    look '[ -c /dev/net/tun ]' "/dev/net/tun" "no /dev/net/tun" "modprobe tun, or give the container that device"
    look 'unshare --mount --net --uts --pid --fork true' "namespaces" "namespaces cannot be made" "run on a machine or in a container with CAP_SYS_ADMIN"
    free=$(df -Pm "$(existing "$state")" | awk 'NR == 2 { print $4 }')
    look '[ "$free" -gt 2048 ]' "$free MB free for $state" "only $free MB free for $state" "free some space or use --state on another disk"
    [ -f "$state/server.json" ] || { echo "  -     no cloud in $state yet; ./xiangyun up makes one"; return $((wrong > 0)); }
    hosts=$(known_hosts)
    listen=$(jq -r '.listen | ltrimstr("https://")' "$state/server.json")
    look '[ "$(stat -c %a "$state/clouds.yaml")" = 600 ]' "clouds.yaml is private" "$state/clouds.yaml is missing or readable by others" "chmod 600, or ./xiangyun up"
    look 'openssl x509 -checkend 604800 -noout -in "$state/tls/server.crt"' "certificate" "the server's certificate is missing or ends within a week" "remove $state/tls/server.* and agent.*, then ./xiangyun up"
    for name in server $(agents); do look "pid_of $name" "$name runs" "$name is down" "./xiangyun up; its log: $state/log/$name.log"; done
    look 'ready_answer | jq -e .ready' "the server is ready" "the server is not ready: $(ready_answer || echo 'no answer')" "see $state/log/server.log"
    look 'ready_answer | jq -e ".parts.hosts.alive >= $hosts"' "hosts are alive" "not all hosts are alive" "see $state/log/agent.log"
    jq -e '.fabric == "simulated"' "$state/server.json" > /dev/null || doctor_engines
    [ $wrong = 0 ]
}

existing() { local path=$1; while [ ! -e "$path" ]; do path=$(dirname "$path"); done; echo "$path"; }

doctor_engines() {
    local i
    look '[ -s "$state/image/guest.qcow2" ]' "guest image" "no guest image" "./xiangyun image build"
    for i in $(seq "$hosts"); do doctor_host "$i"; done
    host_runs 1 || return 0
    look 'inside 1 timeout 5 ovn-nbctl --timeout=3 show' "OVN northbound" "OVN's northbound database does not answer" "see $state/host/var/log/ovn"
    for i in $(seq "$hosts"); do
        look 'inside 1 timeout 5 ovn-sbctl --timeout=3 find Chassis name=$(nth local $i) | grep -q local' "$(nth local "$i") is a chassis of OVN" "ovn-controller of $(nth local "$i") has not registered the chassis" "see $(host_root "$i")/var/log/ovn/ovn-controller.log"
    done
    look '[ -e "/sys/class/net/$(cable_name)" ]' "floating IPs answer on this machine ($(cable_name))" "no cable to the external network" "free 172.24.4.0/24 on this machine and ./xiangyun up, or use ./xiangyun exec"
}

doctor_host() { # HOST
    local one=$1 name log
    name=$(nth local "$1") log=$(host_root "$1")/var/log
    if ! host_runs "$1"; then bad "the engine host $name is down" "./xiangyun up; its log: $(host_log "$1")"; return; fi
    fine "the engine host $name runs"
    look 'inside $one timeout 5 ovs-vsctl show' "Open vSwitch" "Open vSwitch does not answer" "see $log/openvswitch"
    look 'inside $one timeout 5 ovs-appctl -t /run/openvswitch/ovs-vswitchd.ctl version' "ovs-vswitchd" "ovs-vswitchd does not answer" "see $log/openvswitch/ovs-vswitchd.log"
    look 'inside $one timeout 10 virsh -q list' "libvirt" "libvirt does not answer" "see $log/libvirt/libvirtd.log"
}
