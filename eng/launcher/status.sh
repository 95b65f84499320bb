# shellcheck shell=bash disable=SC2034
# status: each process with its memory, control plane and engines apart.
: "${state:?}"

resident() { awk '/^VmRSS/ { printf "%.0f", $2 / 1024 }' "/proc/$1/status" 2>/dev/null; }

row() { printf '  %-12s %-8s %8s  %s\n' "$1" "${2:-down}" "${3:+$3 MB}" "${4:-}"; }

status() {
    [ -f "$state/server.json" ] || { echo "no cloud in $state; ./xiangyun up makes one"; return 1; }
    local name pid sum=0 answer config_url
    hosts=$(known_hosts)
    config_url=$(jq -r .listen "$state/server.json")
    listen=${config_url#https://}
    answer=$(ready_answer) || answer=''
    echo "cloud    $config_url   $(jq -r 'if .ready then "ready" else "not ready" end' <<< "${answer:-null}" 2>/dev/null)"
    echo "state    $state ($(du -sh "$state" 2>/dev/null | cut -f1))"
    echo "control plane"
    for name in server $(agents); do
        if pid=$(pid_of "$name"); then row "$name" "$pid" "$(resident "$pid")"; sum=$((sum + $(resident "$pid"))); else row "$name"; fi
    done
    row sum - $sum
    [ -z "$answer" ] || jq -r '.parts | to_entries[] | "  part \(.key): \(.value | tojson)"' <<< "$answer"
    engines_status
    for name in server $(agents); do pid_of "$name" > /dev/null || return 1; done
}

engines_status() {
    local i
    jq -e '.fabric == "simulated"' "$state/server.json" > /dev/null && { echo "engines: simulated"; return; }
    for i in $(seq "$hosts"); do host_status "$i"; done
}

host_status() { # HOST
    local pid sum=0 one name
    echo "engines of $(nth local "$1")"
    host_runs "$1" || { row host; return 0; }
    while read -r pid name; do
        one=$(resident "$pid")
        [ -n "$one" ] && row "$name" "$pid" "$one" && sum=$((sum + one))
    done < <(processes_of "$1")
    row sum - $sum
}

# Everything in the host's process namespace except the agent.
processes_of() {
    local space pid agent
    space=$(readlink "/proc/$(host_pid "$1")/ns/pid")
    agent=$(pid_of "$(nth agent "$1")" || true)
    for pid in /proc/[0-9]*; do
        [ "$(readlink "$pid/ns/pid" 2>/dev/null)" = "$space" ] && [ "${pid#/proc/}" != "$agent" ] && echo "${pid#/proc/} $(cat "$pid/comm" 2>/dev/null)"
    done
}
