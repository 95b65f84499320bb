# shellcheck shell=bash
# The planner on recorded days. It needs no cloud, no root and no package: only the SDK to build it, once for each change.
: "${top:?}"

consolidate() {
    local program=$top/artifacts/replay/Xiangyun.Replay log=$top/artifacts/replay.log
    if [ ! -x "$program" ] || [ -n "$(find "$top/src/Replay" "$top/src/Optimizer" "$top/src/Kernel" -name '*.cs*' -not -path '*/obj/*' -not -path '*/bin/*' -newer "$program" -print -quit)" ]; then
        command -v dotnet > /dev/null || fail "there is no dotnet" "the planner is C# and is built on this machine" "install the .NET 10 SDK (https://dotnet.microsoft.com) so that \`dotnet\` is in PATH"
        say "building the planner"
        mkdir -p "$top/artifacts"
        dotnet publish "$top/src/Replay" -c Release -o "$top/artifacts/replay" -v q --nologo > "$log" 2>&1 ||
            fail "the build failed" "dotnet publish of src/Replay ended with an error" "see the first error in the log" "$log"
        touch "$program"
    fi
    exec "$program" "$@"
}
