#!/usr/bin/env bash
# Builds a whole Debian with cloud-init, for the proof that what other clouds' images expect is here: OUT/cloud-init.qcow2.
# It starts with the kernel and the first root of our own guest, so no initramfs is made and no boot loader is configured.
# usage: cloud-init.sh OUT   (needs what build.sh needs, and mmdebstrap)
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
out=$(mkdir -p "${1:?usage: cloud-init.sh OUT}" && readlink -f "$1")
[ "$(id -u)" = 0 ] || { echo "guest/cloud-init.sh needs root: the files of the guest's root must belong to root" >&2; exit 1; }
work=$out/work
tree=$work/packages
root=$work/root
image=cloud-init
root_mib=500
rm -rf "$work"
mkdir -p "$work/deb" "$tree"
# shellcheck source=guest/parts.sh
. "$here/parts.sh"
# shellcheck source=guest/disk.sh
. "$here/disk.sh"

trap 'rm -rf "$work"' EXIT

debian() {
    local packages=systemd-sysv,udev,kmod,cloud-init,openssh-server,ifupdown,isc-dhcp-client,iproute2,sudo,e2fsprogs,cloud-guest-utils,fdisk
    mmdebstrap --quiet --mode=root --variant=minbase --aptopt='APT::Sandbox::User "root"' --include=$packages \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$root" "$(mirror)" >&2
    rm -rf "$root"/var/cache/apt/* "$root"/usr/share/perl/* "$root"/etc/ssh/ssh_host_*
    : > "$root/etc/machine-id"
    # what takes minutes under emulation and proves nothing here
    printf 'locale: false\nssh_genkeytypes: [ed25519]\napt_preserve_sources_list: true\ngrowpart: {mode: "off"}\n' > "$root/etc/cloud/cloud.cfg.d/90_quick.cfg"
}

# Where this machine itself gets Debian from, if it says so in the usual place.
mirror() { apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v -e security -e updates | grep -m1 '/debian/*$' || echo http://deb.debian.org/debian; }

modules() {
    local file
    # shellcheck disable=SC2086 # the lists are words
    for file in $(module_files $boot_modules $more_modules nls_utf8 autofs4); do install -D -m 644 "$tree/$file" "$root/$file"; done
    cp "$tree/lib/modules/$version"/modules.{order,builtin,builtin.modinfo} "$root/lib/modules/$version/"
    depmod -b "$root" "$version"
}

fetch_packages
debian
modules
make_initrd
make_disk
ls -l "$out/$image.qcow2" >&2
