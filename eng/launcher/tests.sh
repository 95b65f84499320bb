# shellcheck shell=bash
# check = the quick loop; test = everything that CI runs. The closing line is the last line of stdout.
: "${top:?}" "${state:?}"

projects() { # LEVEL...
    local level file
    for level in "$@"; do
        for file in "$top/tests/$level"/*.csproj; do [ ! -f "$file" ] || echo "$file"; done
    done
}

run_levels() {
    local results=$top/artifacts/test worst=0 file name
    rm -rf "$results"
    mkdir -p "$results"
    say "building"
    dotnet build "$top/Xiangyun.slnx" -v q --nologo > "$results/build.log" 2>&1 || fail "the build failed" "dotnet build ended with an error" "see the first error in the log" "$results/build.log"
    while read -r file; do
        name=$(basename "${file%.csproj}")
        say "tests: $name"
        if ! dotnet test --project "$file" --no-build --no-progress --no-ansi --report-trx --results-directory "$results/$name" > "$results/$name.log" 2>&1 < /dev/null; then
            worst=1
            failures "$results/$name.log" >&2
            say "$name has failures; log: $results/$name.log"
        fi
    done < <(projects "$@")
    dotnet run "$top/eng/TrxSummary.cs" -- "$results" || worst=1
    return $worst
}

# Of each failure forty lines, without the stack: a failed command's last words come after the command itself.
failures() { awk '/^failed / { left = 40 } /^(passed|skipped) |^Test run summary/ { left = 0 } left > 0 && !/^ +at |^ +--- End of stack|^  from / && said++ < 400 { print; left-- }' "$1"; }

check() { need_sdk; run_levels Unit Contract Api Guard; }

everything() {
    need_sdk
    state=$top/artifacts/test-state
    mkdir -p "$top/artifacts/test-state/log"
    if [ "$(id -u)" = 0 ]; then
        install_packages engines
        install_packages tests
    else
        say "note: not root, so nothing is installed and the tests that need engines will say so"
    fi
    run_levels Unit Contract Api Guard Clients Browser Lab
}

need_sdk() { command -v dotnet > /dev/null || fail "there is no dotnet" "the project is C#" "install the .NET 10 SDK so that dotnet is in PATH"; }
