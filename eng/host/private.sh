# shellcheck shell=bash
# Bind mounts that hide the machine's own engine directories inside the host's mount namespace, so that a libvirt or
# Open vSwitch that the machine already runs is neither seen nor touched.
private="run/netns run/libvirt run/openvswitch run/ovn run/lock etc/libvirt etc/openvswitch etc/ovn
 var/lib/libvirt var/cache/libvirt var/log/libvirt var/lib/openvswitch var/log/openvswitch var/lib/ovn var/log/ovn"

make_private() {
    local root=$1 name=$2 uuid=$3 path
    hostname "$name"
    mount -t sysfs sysfs /sys || return 1
    rm -rf "${root:?}/run" # as after a power failure: sockets, process ids and namespaces of the life before are gone
    for path in $private; do
        mkdir -p "$root/$path" "/$path"
        mount --bind "$root/$path" "/$path" || return 1
    done
    ip link set lo up
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
}
