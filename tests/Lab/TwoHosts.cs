namespace Xiangyun.Lab;

public sealed class CloudOfTwoHosts : Cloud
{
    protected override string Name => "lab-two-hosts";
    protected override string Options => "--hosts 2";
}

/// <summary>Two engine hosts with tunnels between them: guests on either are neighbours, are reached from outside, and can change places.</summary>
[Collection(SmallClouds), TestMethodOrderer(typeof(StepOrder))]
public sealed class TwoHosts(CloudOfTwoHosts cloud) : IClassFixture<CloudOfTwoHosts>
{
    /// <summary>Clouds that run one after the other, so that not every class of the lab burdens the machine at once.</summary>
    internal const string SmallClouds = "small clouds";

    [Fact, Trait("Step", "01")]
    public async Task both_hosts_are_up()
    {
        Assert.Equal("local up\nlocal-2 up", await cloud.Sh("openstack compute service list --service nova-compute -f value -c Host -c State | sort"));
        Assert.Equal("local\nlocal-2", await cloud.Inside("ovn-sbctl --bare --columns=name list Chassis | grep . | sort"));
    }

    [Fact, Trait("Step", "02")]
    public async Task each_host_carries_a_guest()
    {
        await cloud.Sh("openstack network create lab -f value -c id && openstack subnet create --network lab --subnet-range 10.79.0.0/24 lab -f value -c id");
        await cloud.Sh("openstack router create lab -f value -c id && openstack router set --external-gateway public lab && openstack router add subnet lab lab");
        await cloud.Sh("openstack keypair create --public-key $D/key.pub lab -f value -c fingerprint && openstack security group rule create --protocol tcp --dst-port 22 default -f value -c id");
        await Boot("one", "local", "10.79.0.11");
        await Boot("two", "local-2", "10.79.0.12");
        await IsOn("one", "local");
        await IsOn("two", "local-2");
    }

    [Fact, Trait("Step", "03")]
    public async Task the_floating_ip_of_the_guest_on_the_second_host_answers()
    {
        Assert.Equal("two", await cloud.Until($"{Ssh("two")} hostname", 90));
    }

    [Fact, Trait("Step", "04")]
    public async Task what_one_guest_sends_through_the_tunnel_arrives_at_the_other()
    {
        await cloud.Until($"{Ssh("one")} true", 90);
        await cloud.Sh("head -c 5000000 /dev/urandom > $D/bulk");
        var through = $"{cloud.Top}/xiangyun exec {Client} -o ProxyCommand=\"{Client} root@$(cat $D/one) nc 10.79.0.12 22\" root@10.79.0.12 sha1sum < $D/bulk";
        Assert.Equal(await cloud.Sh("sha1sum < $D/bulk"), await cloud.Sh(through));
    }

    [Fact, Trait("Step", "05")]
    public async Task a_guest_moves_to_the_other_host_and_keeps_its_disk_and_addresses()
    {
        await cloud.Sh($"{Ssh("two")} 'echo kept > note && sync'");
        await cloud.Sh("openstack server migrate --wait two && openstack server migration confirm two", 180);
        await cloud.Until("[ \"$(openstack server show two -f value -c status -c OS-EXT-SRV-ATTR:host | xargs)\" = 'local ACTIVE' ]", 60);
        Assert.Equal("kept", await cloud.Until($"{Ssh("two")} cat note", 90));
    }

    [Fact, Trait("Step", "06")]
    public async Task a_guest_moves_while_it_runs_with_its_memory_and_its_disk()
    {
        var booted = await cloud.Sh($"{Ssh("one")} cat {BootId}");
        await cloud.Sh($"{Ssh("one")} 'echo remembered > /run/note && echo written > note'"); // neither is on the disk of its image
        await Leave("one", "local-2");
        await IsOn("one", "local-2");
        Assert.Equal(booted, await cloud.Until($"{Ssh("one")} cat {BootId}", 30));
        Assert.Equal("remembered\nwritten", await cloud.Sh($"{Ssh("one")} 'cat /run/note note'"));
        Assert.Equal("", await cloud.Until("[ -z \"$(ls $XY_STATE/agent/servers | grep $(openstack server show one -f value -c id))\" ]", 30));
    }

    [Fact, Trait("Step", "07")]
    public async Task a_paused_guest_moves_and_goes_on_where_it_was()
    {
        var booted = await cloud.Sh($"{Ssh("two")} cat {BootId}");
        await cloud.Sh("openstack server pause two");
        await cloud.Until("openstack server show two -f value -c status | grep -q PAUSED", 30);
        await Leave("two", "local-2");
        await IsOn("two", "local-2", "PAUSED");
        await cloud.Sh("openstack server unpause two");
        Assert.Equal(booted, await cloud.Until($"{Ssh("two")} cat {BootId}", 60));
        await Leave("two", "local");
        await IsOn("two", "local");
    }

    [Fact, Trait("Step", "08")]
    public async Task a_guest_whose_new_host_dies_on_the_way_runs_on()
    {
        var booted = await cloud.Sh($"{Ssh("two")} cat {BootId}");
        await Leave("two", "local-2");
        await cloud.Sh("kill -9 $(cut -d' ' -f1 $XY_STATE/run/host-2.pid)"); // with guest one, which is started again with it
        Assert.Equal(booted, await cloud.Sh($"{Ssh("two")} cat {BootId}"));
        await cloud.Up();
        await cloud.Until("openstack server show two -f value -c status | grep -q ACTIVE", 180);
        Assert.Equal(booted, await cloud.Until($"{Ssh("two")} cat {BootId}", 60));
    }

    [Fact, Trait("Step", "09")]
    public async Task a_plan_of_consolidation_empties_a_host_while_its_guests_run()
    {
        await Leave("two", "local", mayBeThere: true);
        await IsOn("two", "local");
        await cloud.Until($"{Ssh("one")} true", 120);
        var booted = await cloud.Sh($"{Ssh("one")} cat {BootId}; {Ssh("two")} cat {BootId}");
        await cloud.Sh($"{Api} -X PUT $C/policies/nova -d '{{\"policy\": {{\"aim\": \"consolidate\"}}}}'");
        await cloud.Until($"{Api} -X POST $C/plans -d '{{\"plan\": {{\"cluster\": \"nova\"}}}}' > $D/plan && jq -e '.plan.moves | length == 1' $D/plan", 150); // after two samples of each guest
        await cloud.Sh($"{Api} -X POST $C/plans/$(jq -r .plan.id $D/plan)/approve -d \"{{\\\"plan_hash\\\": $(jq .plan.plan_hash $D/plan)}}\"");
        await cloud.Until($"[ $({Api} $C/plans/$(jq -r .plan.id $D/plan) | jq -r .plan.state) = done ]", 120);
        Assert.Single((await cloud.Sh("openstack server list --long -f value -c Host | sort -u")).Trim().Split('\n'));
        Assert.Equal(booted, await cloud.Sh($"{Ssh("one")} cat {BootId}; {Ssh("two")} cat {BootId}"));
    }

    [Fact, Trait("Step", "10")]
    public async Task a_guest_that_waits_for_processors_longer_than_promised_is_moved_away_by_itself()
    {
        var booted = await cloud.Sh($"{Ssh("one")} cat {BootId}; {Ssh("two")} cat {BootId}");
        await cloud.Sh($"{Api} -X PUT $C/policies/nova -d '{{\"policy\": {{\"aim\": \"consolidate\", \"slo\": {{\"steal_percent\": 20, \"samples\": 1}}}}}}'");
        var host = await cloud.Sh("openstack server show one -f value -c OS-EXT-SRV-ATTR:host") == "local-2" ? 2 : 1;
        await cloud.Inside($"--host {host} sh -c 'c=$(taskset -cp $$ | sed \"s/.*: //; s/[-,].*//\"); for p in $(grep -l ^qemu /proc/[0-9]*/comm | cut -d/ -f3); do taskset -acp $c $p; done'"); // one processor for both, however many the machine has
        foreach (var name in new[] { "one", "two" }) await cloud.Sh($"{Ssh(name)} '(while :; do :; done) > /dev/null 2>&1 < /dev/null &'");
        await cloud.Until("[ $(for s in one two; do openstack server show $s -f value -c status -c OS-EXT-SRV-ATTR:host | xargs; done | sort -u | grep -c ACTIVE) = 2 ]", 240);
        Assert.Equal("steal", (await cloud.Sh($"{Api} \"$C/breaches\" | jq -r '.breaches[].kind' | sort -u")).Trim());
        Assert.Contains("steal", await cloud.Sh($"{Api} \"$C/plans?kind=rescue\" | jq -r '.plans[].why'"), StringComparison.Ordinal);
        Assert.Equal(booted, await cloud.Sh($"{Ssh("one")} cat {BootId}; {Ssh("two")} cat {BootId}"));
    }

    private const string BootId = "/proc/sys/kernel/random/boot_id";
    private const string Api = "C=$(jq -r .public_url $XY_STATE/server.json)/xiangyun/v1/consolidation; curl -sf --cacert $XY_STATE/tls/ca.crt -H Content-Type:application/json -H X-Auth-Token:$(openstack token issue -f value -c id)";

    private async Task Leave(string name, string host, bool mayBeThere = false) =>
        await cloud.Sh($"{(mayBeThere ? $"openstack server show {name} -f value -c OS-EXT-SRV-ATTR:host | grep -qx {host} || " : "")}openstack --os-compute-api-version 2.30 server migrate --live-migration --block-migration --host {host} {name}");

    private Task<string> IsOn(string name, string host, string status = "ACTIVE") =>
        cloud.Until($"[ \"$(openstack server show {name} -f value -c status -c OS-EXT-SRV-ATTR:host | xargs)\" = '{host} {status}' ]", 120);

    private async Task Boot(string name, string host, string address)
    {
        await cloud.Sh($"openstack port create --network lab --fixed-ip ip-address={address} {name} -f value -c id");
        await cloud.Sh($"openstack server create --image xiangyun-guest --flavor xy.tiny --port {name} --key-name lab --availability-zone nova:{host} {name} -f value -c id");
        await cloud.Sh($"openstack floating ip create --port {name} public -f value -c floating_ip_address > $D/{name}");
    }

    private const string Client = "ssh -q -i $D/key -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ConnectTimeout=3";
    private string Ssh(string name) => $"{cloud.Top}/xiangyun exec {Client} root@$(cat $D/{name})";
}
