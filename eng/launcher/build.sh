# shellcheck shell=bash disable=SC2034
# Server and agent are published into artifacts/ when a source is newer than the last build, or one came or went.
: "${top:?}"

sources() { (cd "$top" && find src schema ./*.props ./*.targets global.json BannedSymbols.txt -type f -not -path '*/bin/*' -not -path '*/obj/*' "$@"); }

is_built() {
    [ -x "$top/artifacts/server/Xiangyun.Server" ] && [ -x "$top/artifacts/agent/Xiangyun.Agent" ] && [ -f "$top/artifacts/sources" ] &&
        [ -z "$(sources -newer "$top/artifacts/sources" -print -quit)" ] && [ "$(sources | sort | cksum)" = "$(cat "$top/artifacts/sources")" ]
}

build() {
    is_built && return
    command -v dotnet > /dev/null || fail "there is no dotnet" "server and agent are C# and are built on this machine" "install the .NET 10 SDK (https://dotnet.microsoft.com) so that \`dotnet\` is in PATH"
    say "building server and agent"
    mkdir -p "$top/artifacts"
    exec 8> "$top/artifacts/lock" # two clouds may start at once from one tree
    flock 8
    is_built && return
    local log=$top/artifacts/build.log part stamp
    stamp=$(sources | sort | cksum)
    : > "$log"
    touch "$top/artifacts/started"
    for part in Restore Publish; do
        dotnet msbuild "$top/eng/Publish.proj" -t:$part -m -v:q -nologo >> "$log" 2>&1 ||
            fail "the build failed" "the target $part of eng/Publish.proj ended with an error" "see the first error in the log" "$log"
    done
    built=1
    echo "$stamp" > "$top/artifacts/sources"
    touch -r "$top/artifacts/started" "$top/artifacts/sources"
    exec 8>&-
}
