# shellcheck shell=bash disable=SC2034
# Our guest image: built once per set of inputs, kept in the state directory.
: "${top:?}" "${state:?}"

image_inputs() { (cd "$top" && find guest -type f | sort | xargs cksum; dpkg-query -W -f '${Version}' e2fsprogs) | cksum | tr ' ' -; }

ensure_image() {
    local want log=$state/log/image.log
    want=$(image_inputs)
    [ -f "$state/image/guest.qcow2" ] && [ "$(cat "$state/image/inputs" 2>/dev/null)" = "$want" ] && return
    say "building the guest image from Debian packages"
    mkdir -p "$state/image"
    "$top/guest/build.sh" "$state/image" > "$log" 2>&1 ||
        fail "the guest image could not be built" "guest/build.sh ended with an error" "usually apt cannot download: run apt-get update, then ./xiangyun image build" "$log"
    echo "$want" > "$state/image/inputs"
}

# noVNC's files without its package, which would bring Python along.
ensure_novnc() {
    [ -f "$state/novnc/core/rfb.js" ] && return
    local log=$state/log/novnc.log work=$state/novnc.work
    rm -rf "$work"
    mkdir -p "$work"
    if (cd "$work" && apt-get -q -o APT::Sandbox::User=root -o Acquire::Retries=3 download novnc && dpkg-deb -x novnc_*.deb x) > "$log" 2>&1; then
        rm -rf "$state/novnc"
        mv "$work/x/usr/share/novnc" "$state/novnc"
    else
        say "note: noVNC could not be downloaded, graphic consoles will not show; see $log"
    fi
    rm -rf "$work"
}

image_verb() {
    case ${1:-} in
        build)
            need_root "image build"
            mkdir -p "$state"/{run,log}
            rm -f "$state/image/inputs"
            ensure_image
            echo "$state/image/guest.qcow2"
            ;;
        add) shift; image_from "$@" ;;
        *) fail "unknown: image ${1:-}" "image knows build and add" "./xiangyun help" ;;
    esac
}

# image add --from FILE|URL [--name N]: any qcow2 or raw cloud image, through the public API
image_from() {
    local from='' name='' file
    while [ $# -gt 1 ]; do
        case $1 in --from) from=$2 ;; --name) name=$2 ;; *) fail "unknown option $1" "image add knows --from and --name" "./xiangyun help" ;; esac
        shift 2
    done
    [ -n "$from" ] || fail "nothing to add" "--from is missing" "./xiangyun image add --from FILE|URL [--name N]"
    need_root "image add"
    listen=$(jq -r '.listen | ltrimstr("https://")' "$state/server.json" 2>/dev/null) || fail "no cloud in $state" "it was never started" "./xiangyun up"
    file=$from
    case $from in
        http://* | https://*)
            file=$state/run/download
            say "downloading $from"
            curl -fL --no-progress-meter -o "$file" "$from" || fail "$from could not be downloaded" "curl ended with $?" "check the address"
            ;;
    esac
    [ -r "$file" ] || fail "$file cannot be read" "there is no such file" "check the path"
    sign_in
    say "uploading"
    add_image "$file" "${name:-$(basename "${from%%\?*}")}"
    [ "$file" = "$from" ] || rm -f "$file"
}
