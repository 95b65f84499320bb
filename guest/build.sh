#!/usr/bin/env bash
# Builds our guest image from Debian packages: OUT/guest.qcow2 (bootable disk) and OUT/vmlinuz, OUT/initrd (for the KVM probe).
# No loop devices and no mounts, so that it also works in a container: mke2fs fills the file system from a directory,
# and SYSLINUX writes itself into a FAT image through mtools.
# usage: build.sh OUT   (needs root, apt-get, dpkg-deb, mkfs.ext4, mkfs.fat, mtools, cpio, depmod, modprobe, qemu-img)
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
out=$(mkdir -p "${1:?usage: build.sh OUT}" && readlink -f "$1")
[ "$(id -u)" = 0 ] || { echo "guest/build.sh needs root: the files of the guest's root must belong to root" >&2; exit 1; }
work=$out/work
tree=$work/packages
root=$work/root
rm -rf "$work"
mkdir -p "$work/deb" "$tree"
# shellcheck source=guest/parts.sh
. "$here/parts.sh"
# shellcheck source=guest/disk.sh
. "$here/disk.sh"

trap 'rm -rf "$work"' EXIT

fetch_packages
fill_root
make_initrd
make_disk
ls -l "$out/guest.qcow2" "$out/vmlinuz" "$out/initrd" >&2
