# shellcheck shell=bash disable=SC2154
# test --tempest: OpenStack's own test suite against the cloud of --state, or against one that is started for it.
: "${top:?}" "${state:?}"

tempest_suite() {
    install_packages tests
    local own='' work=$top/artifacts/tempest answer
    rm -rf "$work"
    mkdir -p "$work/etc" "$work/locks"
    if ! pid_of server > /dev/null; then
        own=$(mktemp -d /tmp/xy-tempest-XXXXXX)
        state=$own/xy
        listen=127.0.0.1:$(free_port)
    fi
    say "the cloud at $state"
    answer=$("$top/xiangyun" up --json --state "$state" --listen "$listen" ${simulate:+--simulate "$simulate"})
    tempest_conf "$answer"
    printf '[DEFAULT]\ntest_path=/usr/lib/python3/dist-packages/tempest/test_discover\ntop_dir=/usr/lib/python3/dist-packages/tempest\ngroup_regex=([^\\.]*\\.)*\n' > "$work/.stestr.conf"
    (cd "$work" && stestr init)
    tempest_names
    say "$(wc -l < "$work/names") tests; each as it ends is in $work/run.log"
    (cd "$work" && HOME=$work tempest run --config-file "$work/etc/tempest.conf" --load-list "$work/names" --concurrency "${XY_TEMPEST_CONCURRENCY:-$(nproc)}" > run.log 2>&1 < /dev/null) || true
    [ -z "$own" ] || { "$top/xiangyun" down --purge --state "$state" 2> /dev/null; rmdir "$own"; }
    tempest_result
}

free_port() { /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# The template's words between @, taken from what `up --json` said and from what the services say of themselves.
tempest_conf() {
    local url ca=$state/tls/ca.crt image2 many=false validate=true hosts=1
    url=$(jq -r .url <<< "$1")
    listen=${url#https://}
    sign_in
    image2=$(known /image/v2/images images tempest-second)
    [ -n "$image2" ] || image2=$(add_image "$state/image/guest.qcow2" tempest-second qcow2)
    hosts=$(jq '.hosts | length' "$state/server.json")
    [ "$hosts" -lt 2 ] || many=true
    [ "$(jq -r .accelerator <<< "$1")" != simulated ] || validate=false
    sed -e "s|@DIR@|$work|; s|@URL@|$url|; s|@CA@|$ca|; s|@PASSWORD@|$(jq -r .password <<< "$1")|; s|@HOSTS@|$hosts|; s|@MANY@|$many|; s|@VALIDATE@|$validate|" \
        -e "s|@IMAGE@|$(jq -r .image_id <<< "$1")|; s|@IMAGE2@|$image2|; s|@EXTERNAL@|$(jq -r .external_network_id <<< "$1")|" \
        -e "s|@FLAVOR@|$(jq -r '.flavors["xy.tiny"]' <<< "$1")|; s|@FLAVOR2@|$(jq -r '.flavors["xy.small"]' <<< "$1")|" \
        -e "s|@EXTENSIONS@|$(api GET /network/v2.0/extensions | jq -r '[.extensions[].alias] | join(",")')|" \
        -e "s|@COMPUTE_MAX@|$(api GET /compute | jq -r '.versions[-1].version')|; s|@VOLUME_MAX@|$(api GET /volume/v3/ | jq -r '.versions[-1].version')|" \
        "$top/tests/Tempest/tempest.conf" > "$work/etc/tempest.conf"
}

# From a list (names, their beginnings, ids; a line may have other columns) to the full names that Tempest wants.
tempest_names() {
    (cd "$work" && tempest run --config-file "$work/etc/tempest.conf" -l 2> list.log | grep '^tempest\.' > all) || fail "Tempest names no tests" "its list is empty" "see the log" "$work/list.log"
    case $tempest in
        api) grep -E '^tempest\.api\.(identity\.(v3|admin\.v3)|image\.v2|compute|network|volume)\.' "$work/all" | tempest_without > "$work/names" ;;
        *) [ -r "$tempest" ] || fail "$tempest cannot be read" "--tempest wants a file of test names or ids, or the word api" "./xiangyun test --tempest tests/Tempest/required.txt"
            awk -f "$top/eng/launcher/tempest-names.awk" "$work/all" "$tempest" > "$work/names" || fail "the list has lines that match no test" "$(tail -n 3 "$work/names")" "tempest run -l prints all names" ;;
    esac
}

tempest_without() {
    local pattern
    pattern=$(grep -vE '^(#|$)' "$top/tests/Tempest/excluded.txt" | cut -f1 | sed 's/[.[]/\\&/g' | paste -sd '|')
    if [ -n "$pattern" ]; then grep -vE "^($pattern)"; else cat; fi
}

# Each test's result from what stestr kept; groups, failures, the exclusions, and the closing line.
tempest_result() {
    (cd "$work" && HOME=$work stestr last --subunit 2> subunit.log | subunit2csv > results.csv 2>> subunit.log) || true
    awk -f "$top/eng/launcher/tempest-results.awk" "$work/names" "$work/results.csv" > "$work/results"
    awk -f "$top/eng/launcher/tempest-proofs.awk" "$work/results" "$work/tempest.log" | sort > "$work/proofs"
    [ "${XY_REGENERATE:-}" != 1 ] || tempest_pages
    [ "$tempest" != api ] || { say "left out, and why:"; grep -vE '^(#|$)' "$top/tests/Tempest/excluded.txt" >&2 || say "nothing"; }
    grep -v '^passed' "$work/results" | sort >&2 || true
    say "by group (passed, failed, skipped):"
    tempest_groups >&2
    awk '{ n[$1]++ } END { printf "%d passed, %d failed, %d skipped\n", n["passed"], n["failed"], n["skipped"]; exit n["failed"] > 0 || n["passed"] == 0 }' "$work/results"
}

# What docs/compat says of Tempest: the rate, what is left out and why, what fails; and which test proves which operation.
tempest_pages() {
    { echo "# Operations and the Tempest tests that proved them: XY_REGENERATE=1 ./xiangyun test --tempest api"; cat "$work/proofs"; } > "$top/tests/Tempest/proofs.txt"
    {
        printf '# Tempest\n\nWritten by `XY_REGENERATE=1 ./xiangyun test --tempest api` with Tempest %s, guests run by: %s. Do not edit.\n\n' "$(dpkg-query -W -f '${Version}' tempest)" "$(jq -r .accelerator <<< "$answer")"
        awk '{ n[$1]++ } END { printf "**%d passed, %d failed, %d skipped** (%.1f %% of those that ran).\n\n", n["passed"], n["failed"], n["skipped"], 100 * n["passed"] / (n["passed"] + n["failed"]) }' "$work/results"
        printf '## Left out\n\n| tests | why |\n|---|---|\n'
        grep -vE '^(#|$)' "$top/tests/Tempest/excluded.txt" | awk -F'\t' '{ printf "| `%s` | %s |\n", $1, $2 }'
        printf '\n## By group\n\n| group | passed | failed | skipped |\n|---|---|---|---|\n'
        tempest_groups | awk '{ printf "| %s | %d | %d | %d |\n", $1, $2, $3, $4 }'
        printf '\n## Failed\n\n'
        awk '$1 == "failed" { print "- `" $2 "`" }' "$work/results" | sort
        printf '\n## Skipped\n\nBy Tempest itself, because the configuration says that the feature is not there.\n\n'
        awk '$1 == "skipped" { print "- `" $2 "`" }' "$work/results" | sort
    } > "$top/docs/compat/tempest.md"
}

tempest_groups() {
    awk '{ split($2, part, "."); group = part[3] "." part[4] (part[4] ~ /^(admin|v3|v2)$/ ? "." part[5] : ""); groups[group]; n[group, $1]++ }
        END { for (g in groups) printf "%-40s %4d %4d %4d\n", g, n[g, "passed"], n[g, "failed"], n[g, "skipped"] }' "$work/results" | sort
}
