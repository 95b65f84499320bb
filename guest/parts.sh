# shellcheck shell=bash
# What the guest is made of: packages -> files. Sourced by build.sh, which sets here, out, work, tree, root.
: "${here:?}" "${out:?}" "${work:?}" "${tree:?}" "${root:?}"
libs=lib/x86_64-linux-gnu
# The modules that the guest may need; their dependencies are added, those built into the kernel are skipped.
boot_modules="virtio_pci virtio_blk ext4"
more_modules="virtio_net virtio_console virtio_balloon virtio-rng virtio_scsi sr_mod isofs vfat nls_cp437 nls_ascii button evdev virtio_input"

fetch_packages() {
    local kernel
    kernel=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null | awk '/Depends: linux-image-[0-9]/ { print $2; exit }')
    [ -n "$kernel" ] || { echo "apt offers no linux-image-cloud-amd64; run apt-get update" >&2; return 1; }
    chmod 755 "$work" "$work/deb"
    # shellcheck disable=SC2046 # one word per package is wanted
    get() { (cd "$work/deb" && apt-get -q -o APT::Sandbox::User=root -o Acquire::Retries=3 download "$kernel" $(grep -v '^#' "$here/packages.txt")) >&2; }
    get || { apt-get -q update >&2 && get; } # an old list names packages that are gone
    local deb
    for deb in "$work"/deb/*.deb; do
        case $deb in */busybox-static_*) dpkg-deb -x "$deb" "$tree/static" ;; *) dpkg-deb -x "$deb" "$tree" ;; esac
    done
    version=$(basename "$tree"/lib/modules/*)
    depmod -b "$tree" "$version"
}

# The paths (below the module directory's root) that loading the given modules needs, in order of loading.
module_files() {
    local name
    for name in "$@"; do
        modprobe -d "$tree" -S "$version" --show-depends "$name" | awk '$1 == "insmod" { print $2 }'
    done | awk '!seen[$0]++' | sed "s#^$tree/*##"
}

# Copies programs and the libraries that they load, all from the packages and none from this machine.
copy_programs() {
    local to=$1 program file
    shift
    mkdir -p "$to/$libs" "$to/lib64"
    cp -L "$tree/lib64/ld-linux-x86-64.so.2" "$to/lib64/"
    for program in "$@"; do
        install -D "$tree/$program" "$to/$program"
        "$tree/lib64/ld-linux-x86-64.so.2" --inhibit-cache --library-path "$tree/lib/x86_64-linux-gnu:$tree/usr/lib/x86_64-linux-gnu" --list "$tree/$program" |
            awk '$2 == "=>" { print $3 }' | while read -r file; do
                case $file in "$tree"/*) cp -nL "$file" "$to/$libs/" ;; *) echo "$program needs $file, which no package in guest/packages.txt has" >&2; exit 1 ;; esac
            done
    done
}

# The static busybox starts a process in a third of the time (counts under emulation), but its resolver crashes.
put_busybox() {
    local applet
    install -D "$tree/static/bin/busybox" "$1/bin/busybox"
    "$tree/static/bin/busybox" --list | while read -r applet; do
        [ -e "$1/bin/$applet" ] || ln -s busybox "$1/bin/$applet"
    done
}

fill_root() {
    local name file
    mkdir -p "$root"/{bin,sbin,usr/bin,usr/sbin,dev,proc,sys,run,tmp,mnt,etc/dropbear,root/.ssh,home/xiangyun/.ssh,var/log,var/lib/xiangyun,www}
    copy_programs "$root" bin/busybox usr/sbin/dropbear usr/bin/dropbearkey usr/sbin/qemu-ga sbin/mkfs.ext4 sbin/resize2fs sbin/e2fsck bin/lsblk
    mv "$root/bin/busybox" "$root/bin/busybox-dynamic"
    for name in wget nslookup ping telnet nc httpd login; do ln -s busybox-dynamic "$root/bin/$name"; done
    put_busybox "$root"
    cp -a "$here/root/." "$root/"
    chown -R 0:0 "$root"
    ln -sf ../bin/busybox "$root/sbin/init"
    ln -s /run "$root/var/run"
    chown -R 1000:1000 "$root/home/xiangyun"
    chmod 700 "$root"/root "$root"/root/.ssh "$root"/home/xiangyun "$root"/home/xiangyun/.ssh
    chmod 600 "$root/etc/shadow"
    chmod 1777 "$root/tmp"
    # shellcheck disable=SC2086 # the lists are words
    for file in $(module_files $boot_modules $more_modules); do install -D -m 644 "$tree/$file" "$root/$file"; done
    cp "$tree/lib/modules/$version"/modules.{order,builtin,builtin.modinfo} "$root/lib/modules/$version/"
    depmod -b "$root" "$version"
}

# The first root: only what reaches the disk.
make_initrd() {
    local small=$work/initrd file
    mkdir -p "$small"/{bin,dev,proc,sys,new,modules}
    put_busybox "$small"
    # shellcheck disable=SC2086
    for file in $(module_files $boot_modules); do
        cp "$tree/$file" "$small/modules/"
        echo "${file##*/}" >> "$small/modules/order"
    done
    install -m 755 "$here/initrd-init" "$small/init"
    (cd "$small" && find . | cpio -o -H newc --quiet | gzip -9) > "$out/initrd"
    cp "$tree/boot/vmlinuz-$version" "$out/vmlinuz"
}
