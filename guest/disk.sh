# shellcheck shell=bash
# The disk: a small FAT partition that SYSLINUX boots from (its installer needs no mount), and ext4 as the last
# partition, which the guest lets grow. Sourced by build.sh.
: "${out:?}" "${work:?}" "${tree:?}" "${root:?}"
boot_mib=20
: "${root_mib:=108}" "${image:=guest}"

# Four bytes, little endian, as the partition table wants a number.
le32() { printf '%b' "$(printf '\\x%02x\\x%02x\\x%02x\\x%02x' $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24 & 255)))"; }

# partition NUMBER FLAG TYPE START LENGTH (sectors); cylinders and heads are not used by anything since long
partition() {
    { printf '%b' "\\x$2\\xfe\\xff\\xff\\x$3\\xfe\\xff\\xff"; le32 "$4"; le32 "$5"; } |
        dd of="$work/disk.raw" bs=1 seek=$((446 + 16 * ($1 - 1))) conv=notrunc status=none
}

boot_partition() {
    local fat=$work/boot.fat
    truncate -s ${boot_mib}M "$fat"
    mkfs.fat -F 16 -h 2048 -n XYBOOT "$fat" > /dev/null
    cat > "$work/syslinux.cfg" <<C
DEFAULT guest
PROMPT 0
LABEL guest
  LINUX /vmlinuz
  INITRD /initrd
  APPEND console=tty0 console=ttyS0,115200 quiet loglevel=4 random.trust_cpu=on net.ifnames=0 panic=5
C
    mcopy -i "$fat" "$out/vmlinuz" "$out/initrd" "$work/syslinux.cfg" ::
    "$tree/usr/bin/syslinux" --install "$fat"
}

make_disk() {
    local boot=2048
    local second=$((boot + boot_mib * 2048))
    boot_partition
    # the journal stays on, because hosts fail
    mkfs.ext4 -q -b 4096 -J size=4 -O '^metadata_csum' -E resize=16777216 -L xyroot -d "$root" "$work/root.ext4" ${root_mib}M
    truncate -s $((1 + boot_mib + root_mib))M "$work/disk.raw"
    dd if="$tree/usr/lib/syslinux/mbr/mbr.bin" of="$work/disk.raw" bs=440 count=1 conv=notrunc status=none
    partition 1 80 06 $boot $((boot_mib * 2048))
    partition 2 00 83 $second $((root_mib * 2048))
    printf '\x55\xaa' | dd of="$work/disk.raw" bs=1 seek=510 conv=notrunc status=none
    dd if="$work/boot.fat" of="$work/disk.raw" bs=1M seek=1 conv=notrunc,sparse status=none
    dd if="$work/root.ext4" of="$work/disk.raw" bs=1M seek=$((1 + boot_mib)) conv=notrunc,sparse status=none
    qemu-img convert -c -f raw -O qcow2 "$work/disk.raw" "$out/$image.qcow2.new"
    mv "$out/$image.qcow2.new" "$out/$image.qcow2"
}
