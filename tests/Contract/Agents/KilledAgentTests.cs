using System.Security.Cryptography;
using Xiangyun.Engines.Process;
using Xiangyun.Kernel;
using Xiangyun.Protocol;

namespace Xiangyun.Contract.Agents;

/// <summary>kill -9 of the agent's process, at chosen engine calls and at random moments: nothing is lost and nothing left over.</summary>
public sealed class KilledAgentTests
{
    private const string Simulated = "--simulate 1 --disks files";
    private static readonly string HostId = Id.From("simulated host sim-001"); // the agent may die before it can say so

    [Theory]
    [InlineData("before", 2)]
    [InlineData("after", 4)]
    [InlineData("before", 7)]
    [InlineData("after", 9)]
    [InlineData("after", 11)]
    [InlineData("before", 14)]
    public async Task an_agent_killed_at_an_engine_call_ends_as_planned_after_its_restart(string when, int call)
    {
        if (!File.Exists("/usr/bin/qemu-img")) Assert.Skip("qemu-img is not installed");
        await using var agent = await AgentProcess.Start(null, $"{Simulated} --chaos kill-{when}:{call}");
        await Life(agent, async () => await Wait.Until(() => Task.FromResult(agent.HasExited), "the strike kills it"));
    }

    [Fact]
    public async Task an_agent_killed_at_random_moments_ends_as_planned()
    {
        if (!File.Exists("/usr/bin/qemu-img")) Assert.Skip("qemu-img is not installed");
        await using var agent = await AgentProcess.Start(null, Simulated);
        for (var round = 0; round < 4; round++)
        {
            await Life(agent, async () =>
            {
                await Task.Delay(RandomNumberGenerator.GetInt32(200));
                await agent.Kill();
            });
        }
    }

    private static long s_generation;

    private static async Task Life(AgentProcess agent, Func<Task> killed)
    {
        var image = Path.Combine(agent.State, "image");
        File.Delete(image);
        await Run.Output("test", "make", "qemu-img", ["create", "-f", "qcow2", image, "1G"], default);
        var bytes = await File.ReadAllBytesAsync(image);
        var (server, volume) = (Plans.Server(image: Id.New()), Plans.Volume());
        server.Root.ImageSha512 = Upload.Sum(bytes);
        server.Disks.Add(new DiskPlan { VolumeId = volume.Id, Device = "vdb", BootIndex = -1 });
        var plan = Plans.Of(HostId, Interlocked.Increment(ref s_generation), server, volume);
        var dying = killed();
        try
        {
            await agent.Client.ApplyAsync(plan);
            await Upload.Put(agent.Client, server.Root.ImageId, server.Root.ImageSha512, bytes);
        }
        catch (Exception e) when (e is Grpc.Core.RpcException or IOException) { } // it was killed under the call: the server would send again
        await dying;
        await agent.StartAgain(Simulated);
        Assert.True((await agent.Client.ApplyAsync(plan)).Accepted);
        Assert.True((await Upload.Put(agent.Client, server.Root.ImageId, server.Root.ImageSha512, bytes)).Stored);
        await Wait.Until(agent.Client, w => w.Servers.Any(s => s.Id == server.Id && s.Power == Power.Running && s.VolumeIds.Contains(volume.Id) && s.Fault is null), 40);
        (server.Power, server.Generation, volume.Gone) = (Power.Gone, 2, true);
        await agent.Client.ApplyAsync(Plans.Of(HostId, Interlocked.Increment(ref s_generation), server, volume));
        await Wait.Until(agent.Client, w => w.Servers.Any(s => s.Power == Power.Gone) && w.Volumes.Any(v => v.Gone), 40);
        var disks = Path.Combine(agent.State, "sim-001");
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(disks, "servers")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(disks, "volumes")));
        Assert.Empty(Directory.EnumerateFiles(disks, "*.part", SearchOption.AllDirectories));
    }
}
