namespace Xiangyun.Clients;

/// <summary>"Every existing tool works unchanged": the tools themselves say so, as Debian packages them.</summary>
public sealed class OtherPeoplesClients(SimulatedCloud cloud) : IClassFixture<SimulatedCloud>
{
    private string Here => Path.Combine(cloud.Top, "tests", "Clients");

    [Theory]
    [InlineData("identity")]
    [InlineData("image")]
    [InlineData("network")]
    [InlineData("volume")]
    [InlineData("compute")]
    public async Task the_openstack_client_makes_shows_changes_and_deletes_each_noun(string service)
    {
        await cloud.Sh($"OS_COMPUTE_API_VERSION=2.87 XY_IMAGE=$XY_STATE/image/guest.qcow2 /usr/bin/python3 {Here}/play.py {Here}/commands/{service}.txt", 600);
    }

    [Fact]
    public async Task a_program_on_openstacksdk_has_its_ordinary_day()
    {
        await cloud.Sh($"/usr/bin/python3 {Here}/sdk/cloud.py", 300);
    }

    [Fact]
    public async Task an_ansible_playbook_converges_and_its_second_run_changes_nothing()
    {
        var play = $"cd {Here}/ansible && PYTHONPATH=$PWD/debian ANSIBLE_HOME=$D/ansible ANSIBLE_LOCALHOST_WARNING=False ANSIBLE_INVENTORY_UNPARSED_WARNING=False ansible-playbook -e ansible_python_interpreter=/usr/bin/python3 -e key=$D/key.pub";
        await cloud.Sh($"{play} everyday.yml", 300);
        Assert.Matches("changed=0 .*failed=0", await cloud.Sh($"{play} everyday.yml", 300));
        await cloud.Sh($"{play} remove.yml", 300);
    }

    [Fact]
    public async Task a_quick_part_of_what_interop_requires_passes()
    {
        var said = await cloud.Sh($"{cloud.Top}/xiangyun test --tempest {cloud.Top}/tests/Tempest/quick.txt 2>&1", 900);
        Assert.EndsWith(" 0 failed, 0 skipped", said);
    }
}
