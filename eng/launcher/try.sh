# shellcheck shell=bash disable=SC2154
# try: a whole simulated estate to click through, without root and without engines. The first time the estate is made
# through the public APIs and kept in artifacts/; after that each try starts from a copy.
: "${top:?}"
# Thirty old data centres, and the hosts of the cloud that they are to become. docs/adr/0140-the-story.md says why so many.
try_per_bureau=${XY_TRY_PER_BUREAU:-12} try_cloud=24 try_servers=${XY_TRY_SERVERS:-1000}
try_old=$((30 * try_per_bureau))
try_hosts=$((try_old + try_cloud))
# What guests use: recorded days where there are some beside the project, else a made-up one.
try_load=${XY_TRY_LOAD:-$top/../shared/data/planetlab}
[ -n "$(find "$try_load" -maxdepth 2 -name cpu.csv.gz -print -quit 2>/dev/null)" ] || try_load=''

# What the estate was made from: another build or another recipe makes it anew.
estate_key() { { stat -c %Y "$top/artifacts/sources"; cat "$top/eng/estate/Estate.cs"; echo "$try_hosts $try_cloud $try_servers"; } | cksum | tr ' ' '-'; }

# A port where nobody answers, without python.
some_port() {
    local port
    for port in $(shuf -i 20000-29999 -n 50); do
        (exec 3<> "/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
    fail "no free port was found" "fifty ports between 20000 and 29999 are taken" "./xiangyun try --listen 127.0.0.1:PORT"
}

# ask PATH: what the estate's server answers; needs neither curl nor jq
ask() {
    local answer
    exec 3<> "/dev/tcp/${listen%:*}/${listen##*:}" || return 1
    printf 'GET %s HTTP/1.0\r\nHost: %s\r\n\r\n' "$1" "$listen" >&3
    answer=$(timeout -k 1 3 cat <&3) || true
    exec 3>&-
    printf '%s' "$answer"
}

# begin_estate DIR HOSTS: server and agent of the estate in DIR, in this shell's own children
begin_estate() {
    local at=$1 count=$2 hosts='' n
    for ((n = 1; n <= count; n++)); do hosts+=$(printf '{"name":"sim-%03d","endpoint":"unix:%s/run/agent.sock"},' "$n" "$at"); done
    printf '{"state":"%s","listen":"http://%s","region":"RegionOne","database":"sqlite:%s/xiangyun.db","fabric":"simulated",%s"hosts":[%s]}\n' \
        "$at" "$listen" "$at" "$(novnc_setting)" "${hosts%,}" > "$at/server.json"
    mkdir -p "$at/run" "$at/log"
    rm -f "$at/run/agent.sock"
    export DOTNET_gcServer=0 DOTNET_GCConserveMemory=5 DOTNET_TieredPGO=0
    "$top/artifacts/agent/Xiangyun.Agent" run --state "$at/agent" --listen "unix:$at/run/agent.sock" --tls "$at/tls" --simulate "$count" \
        --sizes "$try_old:8x64,$try_cloud:32x512" --load "$try_load" --boot 5 > "$at/log/agent.log" 2>&1 < /dev/null 8>&- &
    agent_pid=$!
    XY_BOOTSTRAP_PASSWORD=$(cat "$at/password") XY_BOOTSTRAP_SECURITY_PASSWORD=$(cat "$at/password") XY_BOOTSTRAP_AUDIT_PASSWORD=$(cat "$at/password") \
        "$top/artifacts/server/Xiangyun.Server" run --config "$at/server.json" > "$at/log/server.log" 2>&1 < /dev/null 8>&- &
    server_pid=$!
}

# Debian's noVNC, unpacked and not installed; without it everything works but graphic consoles.
novnc_setting() { [ ! -d "$top/artifacts/vnc/novnc" ] || printf '"novnc":"%s",' "$top/artifacts/vnc/novnc"; }

end_estate() {
    local pid
    for pid in ${server_pid:-} ${agent_pid:-}; do kill "$pid" 2>/dev/null || true; done
    for pid in ${server_pid:-} ${agent_pid:-}; do wait "$pid" 2>/dev/null || true; done
    server_pid='' agent_pid=''
}

# Until the server answers and sees at least the wanted number of hosts.
wait_estate() { # DIR HOSTS
    local answer='' tries alive
    for ((tries = 0; tries < 1200; tries++)); do
        kill -0 "$server_pid" 2>/dev/null || fail "the server ended" "see its log" "see the log" "$1/log/server.log"
        kill -0 "$agent_pid" 2>/dev/null || fail "the agent ended" "see its log" "see the log" "$1/log/agent.log"
        if answer=$(ask /health/ready 2>/dev/null); then
            alive=$(sed -n 's/.*"alive":\([0-9]*\).*/\1/p' <<< "$answer")
            [ "${alive:-0}" -lt "$2" ] || return 0
        fi
        sleep 0.05
    done
    fail "the estate is not ready after 60 s" "last answer of /health/ready: ${answer:-none}" "see the log" "$1/log/server.log"
}

# The estate that this build starts from. Made once, in a directory beside, and moved into place when it is complete.
make_estate() {
    local kept=$top/artifacts/try key new log
    key=$(estate_key)
    [ "$(cat "$kept/key" 2>/dev/null)" != "$key" ] || return 0
    exec 8> "$top/artifacts/try.lock"
    flock 8
    [ "$(cat "$kept/key" 2>/dev/null)" != "$key" ] || { exec 8>&-; return 0; }
    say "making the simulated estate, once for this build: $try_old old hosts of 30 bureaus, $try_cloud of a cloud, $try_servers servers"
    new=$(mktemp -d "$top/artifacts/try-XXXXXX")
    log=$top/artifacts/estate.log
    (umask 077 && head -c 12 /dev/urandom | base64 | tr '+/' '-_' > "$new/password")
    mkdir -p "$new/agent"
    "$top/artifacts/server/Xiangyun.Server" init --state "$new" --names localhost,127.0.0.1 > "$log" 2>&1 || fail "the local certificate authority could not be made" "Xiangyun.Server init ended with an error" "see the log" "$log"
    (state=$top/artifacts/vnc && mkdir -p "$state/log" && ensure_novnc)
    begin_estate "$new" $((try_hosts + 1)) # one of them never comes back: what a host that is down looks like
    wait_estate "$new" $((try_hosts + 1))
    say "the server answers; filling it through its own APIs"
    dotnet run "$top/eng/estate/Estate.cs" -- "http://$listen" "$(cat "$new/password")" "$try_old" "$try_cloud" "$try_servers" 2>&1 8>&- | tee "$log" >&2 ||
        { end_estate; fail "the estate could not be made" "eng/estate/Estate.cs ended with an error" "see the log; the half-made estate is in $new" "$log"; }
    sleep 3 # what waits for its place in the audit chain gets it
    end_estate
    rm -rf "$new/run" "$new/log" "$kept"
    echo "$key" > "$new/key"
    mv "$new" "$kept"
    exec 8>&-
}

try_estate() {
    local at ready load
    command -v dotnet > /dev/null || fail "there is no dotnet" "server and agent are C# and are built on this machine" "install the .NET 10 SDK (https://dotnet.microsoft.com) so that \`dotnet\` is in PATH"
    build
    [ "$listen" != 127.0.0.1:5000 ] || listen=127.0.0.1:$(some_port)
    trap end_estate EXIT
    trap 'exit 0' INT TERM
    make_estate
    began_try=$(now_ms)
    if [ -n "$keep" ]; then
        at=$(readlink -m "$keep")
        mkdir -p "$at"
        if [ ! -f "$at/xiangyun.db" ]; then
            [ -z "$(ls -A "$at")" ] || fail "$at is not an estate" "it holds files, but no xiangyun.db" "give an empty or a new directory with --keep"
            cp -a "$top/artifacts/try/." "$at/"
        fi
    else
        at=$(mktemp -d "${TMPDIR:-/tmp}/xiangyun-try-XXXXXX")
        cp -a "$top/artifacts/try/." "$at/"
        trap 'end_estate; rm -rf "$at"' EXIT
    fi
    begin_estate "$at" "$try_hosts"
    wait_estate "$at" "$try_hosts"
    ready=$(($(now_ms) - began_try))
    load='made up'
    [ -z "$try_load" ] || load="recorded: $(find "$try_load" -name cpu.csv.gz -printf '%h\n' | xargs -n 1 basename | sort | xargs)"
    if [ -n "$json" ]; then
        printf '{"url":"http://%s/console","username":"admin","password":"%s","ready_ms":%d,"state":"%s","simulated":true,"load":"%s"}\n' "$listen" "$(cat "$at/password")" "$ready" "$at" "$load"
    else
        printf '\nXiangyun, a simulated estate (no guest really runs; use %s):  http://%s/console\n' "$load" "$listen"
        printf 'sign in as       admin, security or auditor, organisation Default\npassword         %s\n' "$(cat "$at/password")"
        printf 'a bureau         organisation 市教育局, account jyj-admin, jyj-op or jyj-view, the same password\n'
        printf 'ready after      %d ms; data in %s%s\nCtrl-C ends it.\n' "$ready" "$at" "$([ -n "$keep" ] || echo ', removed at the end')"
    fi
    [ -z "$story" ] || XY_STORY_PASSWORD=$(cat "$at/password") dotnet run "$top/eng/estate/Story.cs" -- "http://$listen" admin ${json:+--json} ||
        fail "the story could not be told to its end" "a step ended with an error; the estate stands where it stopped" "see above; the console page 整合之路 goes on from there"
    wait -n "$server_pid" "$agent_pid" || true
    fail "a part of the estate ended by itself" "server or agent ended" "see the log" "$at/log/server.log"
}

# try story: the story on an estate that runs already, here or elsewhere.
tell_story() {
    [ -n "$url" ] || fail "no estate was named" "\`try story\` tells the story of an estate that runs" "./xiangyun try story --url URL, or ./xiangyun try --story for a new one"
    command -v dotnet > /dev/null || fail "there is no dotnet" "the story is told by a C# program" "install the .NET 10 SDK (https://dotnet.microsoft.com) so that \`dotnet\` is in PATH"
    if [ -z "${XY_STORY_PASSWORD:-}" ]; then
        read -r -s -p 'password of admin: ' XY_STORY_PASSWORD
        echo >&2
    fi
    XY_STORY_PASSWORD=$XY_STORY_PASSWORD dotnet run "$top/eng/estate/Story.cs" -- "$url" admin ${json:+--json} ${plan:+--plan}
}
