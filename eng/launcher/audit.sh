# shellcheck shell=bash
# The offline check of an audit log. It starts one small program and nothing else; its exit code is ours.
: "${top:?}"

audit_verb() {
    if [ "${1:-}" != verify ]; then
        usage >&2
        exit 2
    fi
    shift
    local program=$top/artifacts/verify/Xiangyun.Verify
    # An auditor may not be allowed to write here: what was built is good enough to check with.
    [ -x "$program" ] || build_verifier
    exec "$program" "$@"
}

build_verifier() {
    local log
    log=$(mktemp)
    command -v dotnet > /dev/null || cannot_check "there is no dotnet, and the checker was not built yet" "$log"
    if ! dotnet publish "$top/src/Verify/Verify.csproj" -c Release -v q --nologo -o "$top/artifacts/verify" >> "$log" 2>&1; then
        cannot_check "the checker could not be built" "$log"
    fi
    rm -f "$log"
}

# Not "changed" (1) but "could not be checked" (2).
cannot_check() {
    printf 'xiangyun: %s\n' "$1" >&2
    tail -n 8 "$2" >&2
    rm -f "$2"
    exit 2
}
