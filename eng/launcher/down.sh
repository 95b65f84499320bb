# shellcheck shell=bash disable=SC2015
# down: ends what up started, by recorded id, and removes its cable. The data stays unless --purge.
: "${top:?}" "${state:?}"

down() {
    need_root down
    [ -d "$state" ] || { say "nothing is there: $state does not exist"; return; }
    [ -d "$state/run" ] && [ -f "$state/server.json" ] || fail "$state is not a state directory of Xiangyun" "it has no server.json" "give the right one with --state"
    exec 9> "$state/lock"
    flock -w 120 9 || fail "another ./xiangyun works on $state" "its lock is held" "wait for it to end"
    say "stopping server and agent"
    stop_process server 10
    stop_process agent 10
    stop_process nsenter 1
    if pid_of host > /dev/null; then
        end_guests
        say "stopping the engine host"
    fi
    stop_host
    if [ -n "$purge" ]; then
        rm -rf "$state"
        say "removed $state"
    fi
    say "down"
}

# Guests get ten seconds for a clean end, all at once; what is left then ends with the host.
end_guests() {
    local guests name
    guests=$(inside timeout 5 virsh -q list --name 2>/dev/null | grep .) || return 0
    say "asking $(wc -l <<< "$guests") guest(s) to shut down"
    while read -r name; do inside timeout 5 virsh -q shutdown "$name" > /dev/null 2>&1 || say "note: $name took no shutdown request"; done <<< "$guests"
    for _ in $(seq 20); do
        inside timeout 5 virsh -q list --name 2>/dev/null | grep -q . || return 0
        sleep 0.5
    done
}
