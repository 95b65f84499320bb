# shellcheck shell=bash
# shellcheck disable=SC2034 # other files read what options sets
# Words and places that every verb uses. Progress goes to stderr, so that stdout belongs to --json.
: "${top:?}"
state=${XY_STATE:-/var/lib/xiangyun}
listen=127.0.0.1:5000
hosts='' host=1
json='' seed=1 simulate='' purge='' tempest='' keep='' story='' told='' url='' plan=''

now_ms() { date +%s%3N; }
began=$(now_ms)
say() { printf '%6.1f s  %s\n' "$(($(now_ms) - began))e-3" "$*" >&2; }

# fail WHAT WHY FIX [LOG]
fail() {
    printf '\nxiangyun: %s\n  why: %s\n  fix: %s\n' "$1" "$2" "$3" >&2
    if [ -n "${4:-}" ]; then
        printf '  log: %s\n' "$4" >&2
        [ -s "$4" ] && tail -n 8 "$4" | sed 's/^/       | /' >&2
    fi
    exit 1
}

need_root() {
    [ "$(id -u)" = 0 ] && return
    fail "\`$1\` needs root" \
        "it makes network namespaces, bridges and private mounts for the engines (CAP_SYS_ADMIN, CAP_NET_ADMIN), and installs missing Debian packages" \
        "sudo ./xiangyun $1"
}

# Processes of ours are known by their recorded id and start time: an id that was given to another process does not match,
# nor does one that ended and waits to be reaped.
start_time() { awk '{ sub(/.*\) /, ""); if ($1 != "Z") print $20 }' "/proc/$1/stat" 2>/dev/null; }
record() { echo "$2 $(start_time "$2")" > "$state/run/$1.pid"; }
remains() {
    local pid stamp
    read -r pid stamp 2>/dev/null < "$state/run/$1.pid" || return 1
    [ -n "$stamp" ] && [ "$(start_time "$pid")" = "$stamp" ] || return 1
    echo "$pid"
}
# What was killed may take its time to die (a host with all its guests does): its flag 4 = it is exiting, its signal 9 = it
# will. Its namespaces may be gone by then, so it does not count as running.
is_well() { awk '{ sub(/.*\) /, ""); exit int($7 / 4) % 2 || int($29 / 256) % 2 }' "/proc/$1/stat" 2>/dev/null; }
pid_of() {
    local pid
    pid=$(remains "$1") && is_well "$pid" && echo "$pid"
}

# wait_gone NAME SECONDS: until nothing of it remains
wait_gone() {
    local tries
    for ((tries = $2 * 20; tries > 0; tries--)); do
        remains "$1" > /dev/null || return 0
        sleep 0.05
    done
    return 1
}

# stop NAME SECONDS: asks, then insists
stop_process() {
    local pid
    if pid=$(remains "$1"); then
        kill "$pid" 2>/dev/null || true
        wait_gone "$1" "$2" || { kill -KILL "$pid" 2>/dev/null || true; wait_gone "$1" 5 || true; }
    fi
    rm -f "$state/run/$1.pid"
}

# The names of the first host and what belongs to it have no number: nth agent 1 = agent, nth agent 2 = agent-2
nth() { [ "$2" = 1 ] && echo "$1" || echo "$1-$2"; }

# How many engine hosts this cloud has was said at its first start. A simulated one has none, and one agent.
known_hosts() { jq -r 'if .fabric == "simulated" then 1 else .hosts | length end' "$state/server.json" 2>/dev/null || echo; }

options() {
    while [ $# -gt 0 ]; do
        case $1 in
            --json) json=1 ;;
            --state) state=${2:?--state needs a directory}; shift ;;
            --listen) listen=${2:?--listen needs IP:PORT}; shift ;;
            --no-seed) seed='' ;;
            --hosts) hosts=${2:?--hosts needs a number}; shift ;;
            --simulate) simulate=${2:?--simulate needs a number}; shift ;;
            --purge) purge=1 ;;
            --story) story=1 ;;
            --plan) plan=1 ;;
            --url) url=${2:?--url needs an address}; shift ;;
            --keep) keep=${2:?--keep needs a directory}; shift ;;
            --tempest)
                tempest=$top/tests/Tempest/required.txt
                case ${2:---} in --*) ;; *) tempest=$2; shift ;; esac
                ;;
            *) fail "unknown option $1" "this verb does not know it" "./xiangyun help" ;;
        esac
        shift
    done
    state=$(readlink -m "$state")
    [ ${#state} -le 70 ] || fail "the state directory's name is too long" "$state has ${#state} characters; sockets below it may have 108 in all" "use a shorter --state"
}
