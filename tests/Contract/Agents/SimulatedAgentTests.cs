using Google.Protobuf;
using Grpc.Core;

using Xiangyun.Engines.Simulated;
using Xiangyun.Kernel;
using Xiangyun.Protocol;

namespace Xiangyun.Contract.Agents;

/// <summary>What agent.proto promises, asked of an agent with simulated engines.</summary>
public sealed class SimulatedAgentTests
{
    private static readonly string HostId = Id.From("simulated host sim-001");

    [Fact]
    public async Task a_host_describes_itself_as_simulated()
    {
        await using var agent = await SimulatedAgent.Start(2);
        var facts = await agent.Dial.Host("sim-002").DescribeAsync(new DescribeRequest());
        Assert.True(facts.Simulated);
        Assert.Equal(("sim-002", 64, 256 * 1024, 4096, "SIMULATED"), (facts.Hostname, facts.Vcpus, facts.MemoryMib, facts.DiskGib, facts.Hypervisor));
        var unknown = await Assert.ThrowsAsync<RpcException>(() => agent.Dial.Host("sim-003").DescribeAsync(new DescribeRequest()).ResponseAsync);
        Assert.Equal(StatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task a_caller_without_a_certificate_of_the_authority_is_refused()
    {
        await using var agent = await SimulatedAgent.Start();
        using var stranger = new Dial(Path.Combine(agent.Directory, "a.sock"), Path.Combine(agent.Directory, "tls"), withCertificate: false);
        await Assert.ThrowsAsync<RpcException>(() => stranger.Host().DescribeAsync(new DescribeRequest()).ResponseAsync);
    }

    [Fact]
    public async Task a_server_is_started_stopped_paused_suspended_and_removed()
    {
        await using var agent = await SimulatedAgent.Start();
        var host = agent.Dial.Host();
        var server = Plans.Server();
        long generation = 0;
        foreach (var power in new[] { Power.Running, Power.Paused, Power.Running, Power.Suspended, Power.Running, Power.Stopped, Power.Running, Power.Gone })
        {
            server.Power = power;
            server.Generation = ++generation;
            Assert.True((await host.ApplyAsync(Plans.Of(HostId, generation, server))).Accepted);
            await Wait.Until(host, w => w.Servers.Any(s => s.Id == server.Id && s.Power == power && s.Generation == generation && s.Progress == ""));
        }
        Assert.Empty(await agent["sim-001"].At.Disks.Roots(default));
    }

    [Fact]
    public async Task an_older_plan_is_refused()
    {
        await using var agent = await SimulatedAgent.Start();
        var host = agent.Dial.Host();
        Assert.True((await host.ApplyAsync(Plans.Of(HostId, 5))).Accepted);
        var answer = await host.ApplyAsync(Plans.Of(HostId, 4));
        Assert.False(answer.Accepted);
        Assert.Equal(5, answer.LedgerGeneration);
        Assert.False((await host.ApplyAsync(Plans.Of(Id.New(), 6))).Accepted);
    }

    [Fact]
    public async Task a_restarted_agent_brings_its_servers_back_without_any_server_calling()
    {
        var directory = Directory.CreateTempSubdirectory("xy-").FullName;
        var server = Plans.Server();
        await using (var agent = await SimulatedAgent.Start(directory: directory))
        {
            await agent.Dial.Host().ApplyAsync(Plans.Of(HostId, 7, server));
            await Wait.Until(agent.Dial.Host(), w => w.Servers.Any(s => s.Power == Power.Running));
        }
        await using (var agent = await SimulatedAgent.Start(directory: directory))
        {
            await Wait.Until(agent.Dial.Host(), w => w.PlanGeneration == 7 && w.Servers.Any(s => s.Id == server.Id && s.Power == Power.Running));
            Assert.Equal(7, (await agent.Dial.Host().DescribeAsync(new DescribeRequest())).LedgerGeneration);
        }
        Directory.Delete(directory, true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_reboot_is_done_once_and_counted(bool hard)
    {
        await using var agent = await SimulatedAgent.Start();
        var host = agent.Dial.Host();
        var server = Plans.Server();
        await host.ApplyAsync(Plans.Of(HostId, 1, server));
        await Wait.Until(host, w => w.Servers.Any(s => s.Power == Power.Running));
        (server.Generation, server.RebootCount, server.RebootHard) = (2, 1, hard);
        await host.ApplyAsync(Plans.Of(HostId, 2, server));
        await Wait.Until(host, w => w.Servers.Any(s => s.Power == Power.Running && s.RebootCount == 1 && s.Generation == 2));
        Assert.Equal(2, (await host.ConsoleLogAsync(new ConsoleLogRequest { ServerId = server.Id })).Text.Split("XY ready").Length - 1);
    }

    [Theory]
    [InlineData(false, "stopped itself")]
    [InlineData(true, "crashed")]
    public async Task a_guest_that_stops_by_itself_stays_stopped_until_the_plan_changes(bool crash, string progress)
    {
        await using var agent = await SimulatedAgent.Start();
        var host = agent.Dial.Host();
        var server = Plans.Server();
        await host.ApplyAsync(Plans.Of(HostId, 1, server));
        await Wait.Until(host, w => w.Servers.Any(s => s.Power == Power.Running));
        await ((SimulatedGuests)agent["sim-001"].At.Guests).StopsItself(server.Id, crash);
        await Wait.Until(host, w => w.Servers.Any(s => s.Power == Power.Stopped && s.Progress == progress));
        await host.ApplyAsync(Plans.Of(HostId, 2, server)); // another server's change: nothing new for this one
        await Task.Delay(300);
        await Wait.Until(host, w => w.Servers.Any(s => s.Power == Power.Stopped));
        server.Generation = 2;
        await host.ApplyAsync(Plans.Of(HostId, 3, server));
        await Wait.Until(host, w => w.Servers.Any(s => s.Power == Power.Running));
    }

    [Fact]
    public async Task a_volume_is_attached_to_a_running_server_detached_and_removed()
    {
        await using var agent = await SimulatedAgent.Start();
        var host = agent.Dial.Host();
        var (server, volume) = (Plans.Server(), Plans.Volume());
        await host.ApplyAsync(Plans.Of(HostId, 1, server, volume));
        await Wait.Until(host, w => w.Servers.Any(s => s.Power == Power.Running) && w.Volumes.Any(v => v.Present && v.SizeGib == 1));
        server.Disks.Add(new DiskPlan { VolumeId = volume.Id, Device = "vdb", BootIndex = -1 });
        server.Generation = 2;
        await host.ApplyAsync(Plans.Of(HostId, 2, server, volume));
        await Wait.Until(host, w => w.Servers.Any(s => s.VolumeIds.Contains(volume.Id)) && w.Volumes.Any(v => v.UsedByServer == server.Id));
        volume.Gone = true;
        await host.ApplyAsync(Plans.Of(HostId, 3, server, volume));
        await Wait.Until(host, w => w.Volumes.Any(v => v.Fault is { Transient: true } && !v.Gone));
        server.Disks.Clear();
        await host.ApplyAsync(Plans.Of(HostId, 4, server, volume));
        await Wait.Until(host, w => w.Volumes.Any(v => v.Gone) && w.Servers.All(s => s.VolumeIds.Count == 0));
    }

    [Fact]
    public async Task a_server_waits_for_its_image_until_the_right_bytes_come()
    {
        await using var agent = await SimulatedAgent.Start(everyImage: false);
        var host = agent.Dial.Host();
        var bytes = System.Security.Cryptography.RandomNumberGenerator.GetBytes(300_000);
        var server = Plans.Server();
        server.Root.ImageSha512 = Upload.Sum(bytes);
        await host.ApplyAsync(Plans.Of(HostId, 1, server));
        await Wait.Until(host, w => w.MissingImages.Any(m => m.ImageId == server.Root.ImageId) && w.Servers.Any(s => s.Progress == "image"));
        Assert.False((await Upload.Put(host, server.Root.ImageId, server.Root.ImageSha512, bytes[1..])).Stored);
        Assert.True((await Upload.Put(host, server.Root.ImageId, server.Root.ImageSha512, bytes)).Stored);
        await Wait.Until(host, w => w.MissingImages.Count == 0 && w.Servers.Any(s => s.Power == Power.Running));
    }

    [Fact]
    public async Task an_injected_fault_is_reported_with_its_verb_and_a_changed_plan_tries_again()
    {
        await using var agent = await SimulatedAgent.Start();
        var host = agent.Dial.Host();
        var server = Plans.Server();
        server.FaultInjection = "fail:start";
        await host.ApplyAsync(Plans.Of(HostId, 1, server));
        var world = await Wait.Until(host, w => w.Servers.Any(s => s.Fault is not null));
        Assert.Equal(("start", false), (world.Servers[0].Fault.Verb, world.Servers[0].Fault.Transient));
        server.FaultInjection = "stick:start";
        await host.ApplyAsync(Plans.Of(HostId, 2, server));
        await Wait.Until(host, w => w.Servers.Any(s => s.Progress == "start" && s.Power != Power.Running));
        server.FaultInjection = "";
        await host.ApplyAsync(Plans.Of(HostId, 3, server));
        await Wait.Until(host, w => w.Servers.Any(s => s.Power == Power.Running && s.Fault is null));
    }

    [Fact]
    public async Task what_no_plan_names_is_reported_and_removed_after_the_grace_period()
    {
        await using var agent = await SimulatedAgent.Start();
        var host = agent.Dial.Host();
        var (server, volume) = (Plans.Server(), Plans.Volume());
        await host.ApplyAsync(Plans.Of(HostId, 1, server, volume));
        await Wait.Until(host, w => w.Servers.Any(s => s.Power == Power.Running) && w.Volumes.Any(v => v.Present));
        await host.ApplyAsync(Plans.Of(HostId, 2));
        await Wait.Until(host, w => w.Orphans.Contains("server:" + server.Id) && w.Orphans.Contains("volume:" + volume.Id));
        await Wait.Until(host, w => w.Orphans.Count == 0);
        Assert.Empty(await agent["sim-001"].At.Guests.List(default));
        Assert.Empty(await agent["sim-001"].At.Disks.Volumes(default));
    }

    [Fact]
    public async Task a_console_carries_bytes_both_ways_and_a_disk_reads_as_qcow2()
    {
        await using var agent = await SimulatedAgent.Start();
        var host = agent.Dial.Host();
        var server = Plans.Server();
        await host.ApplyAsync(Plans.Of(HostId, 1, server));
        await Wait.Until(host, w => w.Servers.Any(s => s.Power == Power.Running));
        using var screen = host.Console();
        await screen.RequestStream.WriteAsync(new ConsoleBytes { Open = new ConsoleOpen { ServerId = server.Id, Kind = "vnc" } });
        Assert.True(await screen.ResponseStream.MoveNext());
        Assert.StartsWith("RFB 003.008", screen.ResponseStream.Current.Data.ToStringUtf8());
        await screen.RequestStream.CompleteAsync();
        using var console = host.Console();
        await console.RequestStream.WriteAsync(new ConsoleBytes { Open = new ConsoleOpen { ServerId = server.Id, Kind = "serial" } });
        Assert.True(await console.ResponseStream.MoveNext());
        Assert.EndsWith("login: ", console.ResponseStream.Current.Data.ToStringUtf8());
        await console.RequestStream.WriteAsync(new ConsoleBytes { Data = ByteString.CopyFromUtf8("echo") });
        Assert.True(await console.ResponseStream.MoveNext());
        Assert.Equal("echo", console.ResponseStream.Current.Data.ToStringUtf8());
        await console.RequestStream.CompleteAsync();
        using var disk = host.ReadDisk(new ReadDiskRequest { ServerId = server.Id });
        Assert.True(await disk.ResponseStream.MoveNext());
        Assert.Equal("QFI", disk.ResponseStream.Current.Data.ToStringUtf8()[..3]);
    }
}
