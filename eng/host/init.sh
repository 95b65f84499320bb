#!/usr/bin/env bash
# Process 1 of the engine host: private directories over those of the machine, then it keeps the engines running and
# reaps what they leave. Killed with -9 it takes the whole host along, exactly as a power failure would.
# Called by eng/launcher/host.sh with: ROOT (the host's private directories) NAME UUID NUMBER (1 = the first host) HOSTS (how many)
set -u
here=$(dirname "$(readlink -f "$0")")
root=$1 name=$2 uuid=$3 number=$4 hosts=$5
# shellcheck source=eng/host/private.sh
. "$here/private.sh"
# shellcheck source=eng/host/engines.sh
. "$here/engines.sh"
make_private || { echo "$(date -u +%FT%TZ) no private directories"; exit 1; }
exec 0< /dev/null
trap 'exit 0' TERM
while :; do
    for engine in $engines; do
        is_alive "$engine" && continue
        echo "$(date -u +%FT%TZ) starting $engine"
        "start_$engine" || echo "$(date -u +%FT%TZ) $engine did not start ($?)"
    done
    ensure_bridges
    # up = every engine answered once; the launcher waits for it
    [ -e "$root/up" ] || { all_answer && : > "$root/up"; }
    sleep 0.5 &
    wait $!
done
