namespace Xiangyun.Lab;

/// <summary>
/// The main job, told as one story: from `./xiangyun up` to a guest that a stranger reaches by SSH and HTTP, with
/// nothing but Debian's `openstack` client.
/// </summary>
[Collection(TwoHosts.SmallClouds), TestMethodOrderer(typeof(StepOrder))]
public sealed class FirstServer(Cloud cloud) : IClassFixture<Cloud>
{
    private Task<string> Floating() => cloud.Sh("cat $D/fip");

    [Fact, Trait("Step", "01")]
    public async Task up_prints_one_object_that_scripts_can_use()
    {
        foreach (var name in new[] { "url", "auth_url", "username", "password", "clouds_yaml", "accelerator", "image_id", "external_network_id" })
            Assert.NotEqual("", cloud.Answer.GetProperty(name).GetString());
        Assert.True(cloud.Answer.GetProperty("ready_ms").GetInt64() > 0);
        Assert.Equal("600", await cloud.Sh("stat -c %a $OS_CLIENT_CONFIG_FILE"));
    }

    [Fact, Trait("Step", "02")]
    public async Task identity_gives_tokens_and_takes_projects_users_and_roles()
    {
        Assert.NotEqual("", await cloud.Sh("openstack token issue -f value -c id"));
        await cloud.Sh("openstack project create lab -f value -c id && openstack user create lab --project lab --password Lab-12345678 -f value -c id && openstack role add --project lab --user lab member");
        Assert.Contains("lab", await cloud.Sh("openstack role assignment list --names --user lab -f value"));
        Assert.NotEqual("", await cloud.Sh("env -u OS_CLOUD openstack --os-auth-url " + cloud.Answer.GetProperty("auth_url").GetString() + " --os-cacert $(dirname $OS_CLIENT_CONFIG_FILE)/tls/ca.crt --os-identity-api-version 3"
            + " --os-username lab --os-password Lab-12345678 --os-project-name lab --os-user-domain-name Default --os-project-domain-name Default token issue -f value -c id"));
    }

    [Fact, Trait("Step", "03")]
    public async Task an_image_comes_back_as_it_was_uploaded()
    {
        await cloud.Sh("openstack image save --file $D/guest.qcow2 xiangyun-guest && openstack image create --disk-format qcow2 --container-format bare --min-disk 1 --file $D/guest.qcow2 lab -f value -c id", 300);
        await cloud.Sh("openstack image save --file $D/again.qcow2 lab && cmp $D/guest.qcow2 $D/again.qcow2");
    }

    [Fact, Trait("Step", "04")]
    public async Task a_network_a_router_and_a_key_are_made()
    {
        await cloud.Sh("openstack flavor create --vcpus 1 --ram 256 --disk 1 lab -f value -c id");
        await cloud.Sh("openstack network create lab -f value -c id && openstack subnet create --network lab --subnet-range 10.77.0.0/24 lab -f value -c id");
        await cloud.Sh("openstack router create lab -f value -c id && openstack router set --external-gateway public lab && openstack router add subnet lab lab");
        await cloud.Sh("openstack keypair create --public-key $D/key.pub lab -f value -c fingerprint");
        await cloud.Sh("openstack security group create lab -f value -c id && openstack security group rule create --protocol tcp --dst-port 22 lab -f value -c id");
    }

    [Fact, Trait("Step", "05")]
    public async Task a_server_becomes_active_and_answers_ssh_at_its_floating_ip()
    {
        await cloud.Sh("openstack server create --image lab --flavor lab --network lab --key-name lab --security-group lab --wait web -f value -c id", 300);
        Assert.Equal("ACTIVE", await cloud.Sh("openstack server show web -f value -c status"));
        await cloud.Sh("openstack floating ip create public -f value -c floating_ip_address > $D/fip && openstack server add floating ip web $(cat $D/fip)");
        await cloud.Until($"{cloud.Top}/xiangyun exec ssh -q -i $D/key -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ConnectTimeout=3 root@$(cat $D/fip) true", 90);
        Assert.Equal("web", await cloud.Ssh(await Floating(), "hostname"));
        Assert.StartsWith("10.77.0.", await cloud.Ssh(await Floating(), "ip -4 -o addr show eth0 | awk '{ print $4 }'"));
    }

    [Fact, Trait("Step", "06")]
    public async Task http_is_blocked_until_a_security_group_rule_allows_it()
    {
        var page = $"{cloud.Top}/xiangyun exec curl -s -m 3 http://{await Floating()}/";
        Assert.NotEqual(0, (await cloud.Try(page)).Code);
        await cloud.Sh("openstack security group rule create --protocol tcp --dst-port 80 lab -f value -c id");
        Assert.Contains("<h1>web</h1>", await cloud.Until(page, 20));
        Assert.Contains(await cloud.Sh("openstack server show web -f value -c id"), await cloud.Sh(page));
    }

    [Fact, Trait("Step", "07")]
    public async Task the_console_log_tells_how_the_guest_started()
    {
        Assert.Contains("xiangyun: I am web", await cloud.Sh("openstack console log show web"));
    }

    [Fact, Trait("Step", "08")]
    public async Task the_graphic_console_shows_the_screen_and_takes_keys()
    {
        var page = await cloud.Sh("openstack console url show --novnc web -f value -c url");
        Assert.Contains("rfb.js", await cloud.Sh($"curl -sf --cacert $(dirname $OS_CLIENT_CONFIG_FILE)/tls/ca.crt {Cloud.Quote(page)}"));
        await cloud.Sh($"curl -sf --cacert $(dirname $OS_CLIENT_CONFIG_FILE)/tls/ca.crt {cloud.Answer.GetProperty("url").GetString()}/novnc/core/rfb.js | grep -c RFB");
        await using var screen = await Screen.Open(new Uri(page));
        await screen.Look();
        await screen.Type("\n");
        await Task.Delay(1000);
        var before = await screen.Look();
        await screen.Type("hello-from-the-lab");
        for (var tries = 0; tries < 20 && await screen.Look() == before; tries++) await Task.Delay(500);
        Assert.NotEqual(before, await screen.Look());
    }

    [Fact, Trait("Step", "09")]
    public async Task a_volume_is_attached_and_keeps_what_the_guest_wrote()
    {
        await cloud.Sh("openstack volume create --size 1 lab -f value -c id");
        await cloud.Until("[ $(openstack volume show lab -f value -c status) = available ]", 60);
        await cloud.Sh("openstack server add volume web lab");
        await cloud.Until("[ $(openstack volume show lab -f value -c status) = in-use ]", 60);
        await cloud.Until($"{cloud.Top}/xiangyun exec ssh -q -i $D/key -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null root@$(cat $D/fip) test -b /dev/vdb", 30);
        await cloud.Ssh(await Floating(), DataDisk + "mkfs.ext4 -q $disk && mount $disk /mnt && echo kept > /mnt/note && umount /mnt");
    }

    [Fact, Trait("Step", "10")]
    public async Task reboot_stop_and_start_bring_the_guest_back()
    {
        await cloud.Sh("openstack server reboot --wait web", 180);
        await Answers();
        await cloud.Sh("openstack server stop web");
        await cloud.Until("[ $(openstack server show web -f value -c status) = SHUTOFF ]", 90);
        await cloud.Sh("openstack server start web");
        await cloud.Until("[ $(openstack server show web -f value -c status) = ACTIVE ]", 90);
        await Answers();
        Assert.Equal("kept", await cloud.Ssh(await Floating(), DataDisk + "mount $disk /mnt && cat /mnt/note && umount /mnt"));
    }

    [Fact, Trait("Step", "11")]
    public async Task the_guest_lives_on_while_the_control_plane_is_killed_and_comes_back()
    {
        await cloud.Sh("kill -9 $(cut -d' ' -f1 $XY_STATE/run/server.pid) $(cut -d' ' -f1 $XY_STATE/run/agent.pid)");
        Assert.Equal("web", await cloud.Ssh(await Floating(), "hostname"));
        var booted = await cloud.Ssh(await Floating(), "cat /proc/sys/kernel/random/boot_id");
        await cloud.Up();
        await cloud.Until("[ $(openstack server show web -f value -c status) = ACTIVE ]", 60);
        Assert.Equal(booted, await cloud.Ssh(await Floating(), "cat /proc/sys/kernel/random/boot_id"));
    }

    [Fact, Trait("Step", "12")]
    public async Task after_a_host_failure_the_guest_is_started_again()
    {
        await cloud.Sh("kill -9 $(cut -d' ' -f1 $XY_STATE/run/host.pid)");
        await cloud.Up();
        await cloud.Until("[ $(openstack server show web -f value -c status) = ACTIVE ]", 120);
        await Answers();
    }

    [Fact, Trait("Step", "13")]
    public async Task a_deleted_server_is_gone_and_its_volume_survives()
    {
        await cloud.Sh("openstack server delete --wait web", 180);
        Assert.Equal("", await cloud.Sh("openstack server list -f value -c ID"));
        await cloud.Until("[ $(openstack volume show lab -f value -c status) = available ]", 60);
        await cloud.Until($"[ -z \"$({cloud.Top}/xiangyun exec virsh -q list --all --name | tr -d ' \\n')\" ]", 30);
    }

    // the volume is the disk of 1 GiB that carries no partition: names may change with a reboot
    private const string DataDisk = "disk=; for d in /dev/vdb /dev/vdc; do [ $(cat /sys/block/${d#/dev/}/size) = 2097152 ] && disk=$d; done; ";

    private Task<string> Answers() =>
        cloud.Until($"{cloud.Top}/xiangyun exec ssh -q -i $D/key -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ConnectTimeout=3 root@$(cat $D/fip) true", 120);
}
