"""openstacksdk's cloud layer and its proxies: what a Python program of a bureau does on an ordinary day."""
import openstack

cloud = openstack.connect(cloud="xiangyun")


def everyday():
    network = cloud.create_network("sdk-net")
    subnet = cloud.create_subnet(network.id, cidr="10.96.0.0/24", subnet_name="sdk-sub")
    router = cloud.create_router("sdk-router", ext_gateway_net_id=cloud.get_network("public").id)
    cloud.add_router_interface(router, subnet_id=subnet.id)
    server = cloud.create_server("sdk-server", image="xiangyun-guest", flavor="xy.tiny", network="sdk-net", auto_ip=False, wait=True, timeout=120, meta={"a": "b"})
    assert server.status == "ACTIVE", server.status
    address = cloud.add_auto_ip(server, wait=True, timeout=60)
    server = cloud.get_server("sdk-server")
    assert server.public_v4 == address, (server.public_v4, address)
    volume = cloud.create_volume(1, name="sdk-volume", wait=True, timeout=60)
    cloud.attach_volume(server, volume, wait=True, timeout=60)
    assert cloud.get_volume("sdk-volume").status == "in-use"
    cloud.detach_volume(server, volume, wait=True, timeout=60)
    snapshot = cloud.create_volume_snapshot(volume.id, name="sdk-snapshot", wait=True, timeout=60)
    assert cloud.delete_volume_snapshot(snapshot.id, wait=True, timeout=60)
    assert cloud.delete_volume(volume.id, wait=True, timeout=60)
    image = cloud.create_image_snapshot("sdk-image", server, wait=True, timeout=120)
    assert cloud.delete_image(image.id, wait=True, timeout=60)
    assert cloud.delete_server(server.id, wait=True, timeout=60, delete_ips=True)
    cloud.remove_router_interface(router, subnet_id=subnet.id)
    assert cloud.delete_router(router.id)
    assert cloud.delete_network(network.id)


def proxies():
    """Each proxy's list is read whole; a field that has another type than the SDK wants breaks here."""
    for call in (
        cloud.compute.flavors, cloud.compute.servers, cloud.compute.images, cloud.compute.keypairs, cloud.compute.availability_zones,
        cloud.compute.aggregates, cloud.compute.hypervisors, cloud.compute.services, cloud.compute.server_groups,
        cloud.network.networks, cloud.network.subnets, cloud.network.ports, cloud.network.routers, cloud.network.ips, cloud.network.security_groups,
        cloud.network.security_group_rules, cloud.network.subnet_pools, cloud.network.address_scopes, cloud.network.agents, cloud.network.extensions,
        cloud.network.qos_policies, cloud.network.rbac_policies, cloud.network.network_ip_availabilities, cloud.network.trunks, cloud.network.quotas,
        cloud.block_storage.volumes, cloud.block_storage.snapshots, cloud.block_storage.backups, cloud.block_storage.types,
        cloud.image.images,
        cloud.identity.projects, cloud.identity.users, cloud.identity.groups, cloud.identity.roles, cloud.identity.domains, cloud.identity.regions,
        cloud.identity.services, cloud.identity.endpoints, cloud.identity.credentials, cloud.identity.role_assignments, cloud.identity.trusts,
        cloud.identity.limits, cloud.identity.registered_limits, cloud.identity.policies,
        cloud.placement.resource_providers, cloud.placement.resource_classes,
    ):
        rows = [row.to_dict() for row in call()]
        print(call.__name__, len(rows))
    print(cloud.compute.get_limits().absolute)
    print(cloud.get_compute_quotas("admin"), cloud.get_volume_quotas("admin"), cloud.get_network_quotas("admin"))


def paging():
    """A list read two rows at a time has each row once."""
    made = {cloud.create_security_group(f"sdk-{n}", "page").name for n in range(7)}
    got = [group.name for group in cloud.network.security_groups(limit=2) if group.name in made]
    assert sorted(got) == sorted(made), got
    for name in made:
        assert cloud.delete_security_group(name)


everyday()
proxies()
paging()
