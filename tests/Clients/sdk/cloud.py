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


def limits_and_trusts():
    """Unified limits, which services outside read, and a trust from one user to another."""
    service = cloud.identity.create_service(name="sdk-service", type="sdk-type")
    # What is made comes back as a list of one, which the SDK does not read: so it is looked up.
    cloud.identity.create_registered_limit(service_id=service.id, resource_name="sdk-things", default_limit=10)
    registered = next(cloud.identity.registered_limits(service_id=service.id))
    assert cloud.identity.update_registered_limit(registered, default_limit=20).default_limit == 20
    project = cloud.identity.create_project(name="sdk-project")
    cloud.identity.create_limit(service_id=service.id, project_id=project.id, resource_name="sdk-things", resource_limit=5)
    limit = next(cloud.identity.limits(service_id=service.id))
    assert cloud.identity.update_limit(limit, resource_limit=6).resource_limit == 6
    assert limit.id in [row.id for row in cloud.identity.limits(resource_name="sdk-things")]
    limit.delete(cloud.identity)  # delete_limit trips over its own parameter
    cloud.identity.delete_registered_limit(registered)
    cloud.identity.delete_service(service)
    trustee = cloud.identity.create_user(name="sdk-trustee", password="Sdk-12345678")
    trust = cloud.identity.create_trust(
        trustor_user_id=cloud.current_user_id, trustee_user_id=trustee.id, project_id=cloud.current_project_id, impersonation=True, roles=[{"name": "reader"}])
    assert cloud.identity.get_trust(trust.id).is_impersonation and trust.id in [row.id for row in cloud.identity.trusts()]
    cloud.identity.delete_trust(trust)
    cloud.identity.delete_user(trustee)
    cloud.identity.delete_project(project)


def imports():
    """Data that is staged first and imported then."""
    image = cloud.image.create_image("sdk-imported", disk_format="raw", container_format="bare", allow_duplicates=True)
    cloud.image.stage_image(image, data=b"x" * 4096)
    assert cloud.image.get_image(image.id).status == "uploading"
    cloud.image.import_image(cloud.image.get_image(image.id), method="glance-direct")
    openstack.resource.wait_for_status(cloud.image, image, "active", [], 1, 60)
    assert [store.id for store in cloud.image.stores()] == ["files"]
    cloud.image.delete_image(image)


def paging():
    """A list read two rows at a time has each row once."""
    made = {cloud.create_security_group(f"sdk-{n}", "page").name for n in range(7)}
    got = [group.name for group in cloud.network.security_groups(limit=2) if group.name in made]
    assert sorted(got) == sorted(made), got
    for name in made:
        assert cloud.delete_security_group(name)


everyday()
proxies()
limits_and_trusts()
imports()
paging()
