# shellcheck shell=bash disable=SC2015
# down: ends what up started, by recorded id, and removes its cable. The data stays unless --purge.
: "${top:?}" "${state:?}"

down() {
    need_root down
    [ -d "$state" ] || { say "nothing is there: $state does not exist"; return; }
    [ -d "$state/run" ] && [ -f "$state/server.json" ] || fail "$state is not a state directory of Xiangyun" "it has no server.json" "give the right one with --state"
    local i
    exec 9> "$state/lock"
    flock -w 120 9 || fail "another ./xiangyun works on $state" "its lock is held" "wait for it to end"
    hosts=$(known_hosts)
    say "stopping server and agent"
    stop_process server 10
    for i in $(seq "$hosts"); do
        stop_process "$(nth agent "$i")" 10
        stop_process "$(nth nsenter "$i")" 1
    done
    for i in $(seq "$hosts" -1 1); do
        ! host_runs "$i" || { end_guests "$i"; say "stopping the engine host $(nth local "$i")"; }
        stop_host "$i"
    done
    if [ -n "$purge" ]; then
        rm -rf "$state"
        say "removed $state"
    fi
    say "down"
}

# Guests get ten seconds for a clean end, all at once; what is left then ends with the host.
end_guests() { # HOST
    local guests name
    guests=$(inside "$1" timeout 5 virsh -q list --name 2>/dev/null | grep .) || return 0
    say "asking $(wc -l <<< "$guests") guest(s) to shut down"
    while read -r name; do inside "$1" timeout 5 virsh -q shutdown "$name" > /dev/null 2>&1 || say "note: $name took no shutdown request"; done <<< "$guests"
    for _ in $(seq 20); do
        inside "$1" timeout 5 virsh -q list --name 2>/dev/null | grep -q . || return 0
        sleep 0.5
    done
}
