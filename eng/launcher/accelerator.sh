# shellcheck shell=bash
# KVM or emulation. A /dev/kvm that exists may still hang or refuse, so the guest's kernel is really booted on it once per boot of the machine.
: "${state:?}"

accelerator() {
    local boot known
    boot=$(cat /proc/sys/kernel/random/boot_id)
    read -r known accel 2>/dev/null < "$state/accelerator" || known=
    if [ "$known" != "$boot" ]; then
        accel=tcg
        if [ -c /dev/kvm ] && probe_kvm; then accel=kvm; fi
        echo "$boot $accel" > "$state/accelerator"
    fi
}

probe_kvm() {
    local log=$state/log/kvm-probe.log
    say "trying KVM with a real boot (at most 10 s)"
    ( timeout -k 1 10 qemu-system-x86_64 -accel kvm -cpu host -m 256 -nodefaults -display none -no-reboot -serial "file:$log" \
        -kernel "$state/image/vmlinuz" -initrd "$state/image/initrd" -append 'console=ttyS0 panic=-1 rdinit=/bin/true' > "$log.qemu" 2>&1 < /dev/null || true ) 2> /dev/null
    grep -aq 'Run /bin/true as init' "$log" 2>/dev/null
}
