namespace Xiangyun.Lab;

/// <summary>A stock Debian with its own cloud-init, unchanged: it must find itself in our cloud as it does in every OpenStack.</summary>
public sealed class CloudInit(Cloud cloud) : IClassFixture<Cloud>
{
    private const string UserData = """
        #cloud-config
        write_files: [{path: /etc/xiangyun-written, content: by cloud-init}]
        runcmd: [[sh, -c, "echo ran > /etc/xiangyun-ran"]]
        """;

    [Fact]
    public async Task a_debian_guest_takes_name_key_and_user_data_from_the_metadata_service_and_from_a_config_drive()
    {
        await Prepare();
        await Boot("meta", "");
        await Boot("drive", "--config-drive True");
        await IsSetUp("meta", "DataSourceOpenStack");
        await IsSetUp("drive", "DataSourceConfigDrive");
    }

    private async Task Prepare()
    {
        await cloud.Sh($"{cloud.Top}/guest/cloud-init.sh $D/debian && openstack image create --disk-format qcow2 --file $D/debian/cloud-init.qcow2 debian -f value -c id", 600);
        await cloud.Sh("openstack flavor create --vcpus 1 --ram 768 --disk 2 debian -f value -c id && openstack keypair create --public-key $D/key.pub lab -f value -c fingerprint");
        await cloud.Sh("openstack network create lab -f value -c id && openstack subnet create --network lab --subnet-range 10.78.0.0/24 lab -f value -c id");
        await cloud.Sh("openstack router create lab -f value -c id && openstack router set --external-gateway public lab && openstack router add subnet lab lab");
        await cloud.Sh("openstack security group rule create --protocol tcp --dst-port 22 default -f value -c id");
        await cloud.Sh($"printf '%s' {Cloud.Quote(UserData)} > $D/user-data");
    }

    private async Task Boot(string name, string options)
    {
        await cloud.Sh($"openstack server create --image debian --flavor debian --network lab --key-name lab --user-data $D/user-data {options} --wait {name} -f value -c id", 300);
        await cloud.Sh($"openstack floating ip create public -f value -c floating_ip_address > $D/{name} && openstack server add floating ip {name} $(cat $D/{name})");
    }

    private async Task IsSetUp(string name, string source)
    {
        var ssh = $"{cloud.Top}/xiangyun exec ssh -q -i $D/key -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ConnectTimeout=3 debian@$(cat $D/{name}) ";
        await cloud.Until(ssh + "cloud-init status --wait > /dev/null", 420);
        var said = await cloud.Sh(ssh + "'hostname; cat /etc/xiangyun-written /etc/xiangyun-ran; cloud-init status --long'");
        Assert.StartsWith($"{name}\nby cloud-init", said);
        Assert.Contains("ran", said);
        Assert.Contains("status: done", said);
        Assert.Contains(source, said);
    }
}
