# shellcheck shell=bash
# Bind mounts that hide the machine's own engine directories inside the host's mount namespace, so that a libvirt or
# Open vSwitch that the machine already runs is neither seen nor touched.
private="run/netns run/libvirt run/openvswitch run/ovn run/lock etc/libvirt etc/openvswitch etc/ovn
 var/lib/libvirt var/cache/libvirt var/log/libvirt var/lib/openvswitch var/log/openvswitch var/lib/ovn var/log/ovn"

: "${root:?}" "${name:?}" "${uuid:?}" "${number:?}" "${hosts:?}"
# with the papers of TLS; one host alone has none to talk to
[ "$hosts" = 1 ] || private+=" etc/pki"

make_private() {
    local path agent
    hostname "$name"
    mount -t sysfs sysfs /sys || return 1
    rm -rf "${root:?}/run" # as after a power failure: sockets, process ids and namespaces of the life before are gone
    for path in $private; do
        mkdir -p "$root/$path" "/$path"
        mount --bind "$root/$path" "/$path" || return 1
    done
    if [ "$number" != 1 ]; then
        # a guest takes the paths of its files along when it moves: every agent sees its state where the first one does
        agent=$(readlink -m "$root/../../agent")
        mkdir -p "$root/agent"
        chmod 700 "$root/agent"
        mount --bind "$root/agent" "$agent" || return 1
    fi
    ip link set lo up
    engine_account || return 1
    mkdir -p /var/lib/libvirt/{images,qemu,boot} /etc/libvirt/qemu/networks /run/libvirt/qemu
    cat > /etc/libvirt/qemu.conf << C
user = "root"
group = "root"
security_driver = "none"
security_default_confined = 0
dynamic_ownership = 0
remember_owner = 0
namespaces = []
cgroup_controllers = []
stdio_handler = "file"
max_core = 0
vnc_listen = "127.0.0.1"
C
    cat > /etc/libvirt/libvirtd.conf << C
host_uuid = "$uuid"
unix_sock_group = "root"
auth_unix_rw = "none"
log_level = 3
log_outputs = "3:file:/var/log/libvirt/libvirtd.log"
C
    [ "$hosts" = 1 ] || for_neighbours
}

# Guests move from host to host under TLS: both libvirts and both QEMUs show a certificate of the cloud's own authority.
for_neighbours() {
    cat >> /etc/libvirt/libvirtd.conf << C
listen_tls = 1
listen_addr = "10.99.0.$number"
auth_tls = "none"
C
    cat >> /etc/libvirt/qemu.conf << C
migration_address = "10.99.0.$number"
migrate_tls_x509_cert_dir = "/etc/pki/qemu"
migrate_tls_x509_verify = 1
C
}

# libvirt looks up Debian's account for guests before it reads that ours run as root, and only a package with systemd units
# makes that account: without it the host has one of its own.
engine_account() {
    local file line
    ! getent passwd libvirt-qemu > /dev/null || ! getent group libvirt-qemu > /dev/null || return 0
    for file in passwd group; do
        line=libvirt-qemu:x:64055:
        [ $file = group ] || line+=64055::/var/lib/libvirt:/usr/sbin/nologin
        { grep -v '^libvirt-qemu:' /etc/$file; echo "$line"; } > "$root/etc/$file"
        mount --bind "$root/etc/$file" /etc/$file || return 1
    done
}
