# shellcheck shell=bash
# Debian packages: only the missing ones, without their recommendations, and without starting Debian's own daemons.
: "${top:?}" "${state:?}"

missing_packages() {
    local name
    grep -v '^#' "$top/eng/packages/$1.txt" | while read -r name; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || echo "$name"
    done
}

install_packages() {
    local missing log=$state/log/apt.log ours='' unit
    missing=$(missing_packages "$1" | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    need_root up
    say "installing Debian packages: $missing"
    # invoke-rc.d and deb-systemd-invoke ask this file; 101 = do not start anything
    [ -e /usr/sbin/policy-rc.d ] || { printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d; ours=1; }
    local ended=0
    # shellcheck disable=SC2086 # words
    { apt-get update -q -o Acquire::Retries=3 && DEBIAN_FRONTEND=noninteractive apt-get install -q -o Acquire::Retries=3 -y --no-install-recommends $missing; } > "$log" 2>&1 || ended=$?
    [ -z "$ours" ] || rm -f /usr/sbin/policy-rc.d
    [ $ended = 0 ] || fail "apt could not install: $missing" "apt-get ended with $ended" "look at the log, mend apt's sources, run ./xiangyun up again" "$log"
    # what we brought must not start at the next boot of the machine either; what was there before stays as it was
    [ -d /run/systemd/system ] || return 0
    for unit in openvswitch-switch ovn-central ovn-host haproxy postgresql slapd glewlwyd; do
        case " $missing " in *" $unit "*) systemctl disable -q "$unit" >> "$log" 2>&1 || say "note: could not disable Debian's unit $unit, see $log" ;; esac
    done
}
