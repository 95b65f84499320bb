using Xiangyun.Compute.Servers;

namespace Xiangyun.Unit.Compute;

/// <summary>What clients see of a server is a function of what is wanted and what its host reported.</summary>
public sealed class Statuses
{
    private static ServerRow Row(string want, string seen, long? launched = 1, string? host = "h", long generation = 1, long seenGeneration = 1, long reboots = 0, long seenReboots = 0, bool hard = false,
        long rebuilds = 0, long seenRebuilds = 0, string? fault = null, string? seenFault = null, long? deleted = null) => new()
    {
        Id = "s", ProjectId = "p", UserId = "u", Name = "n", FlavorId = "f", HostId = host, Want = want, Seen = seen, LaunchedAt = launched, DeletedAt = deleted, Generation = generation,
        SeenGeneration = seenGeneration, RebootCount = reboots, SeenRebootCount = seenReboots, RebootHard = hard, RebuildCount = rebuilds, SeenRebuildCount = seenRebuilds, Fault = fault, SeenFault = seenFault,
    };

    [Theory]
    [InlineData(Power.Running, Power.Running, "ACTIVE", "active", null)]
    [InlineData(Power.Stopped, Power.Stopped, "SHUTOFF", "stopped", null)]
    [InlineData(Power.Paused, Power.Paused, "PAUSED", "paused", null)]
    [InlineData(Power.Suspended, Power.Suspended, "SUSPENDED", "suspended", null)]
    [InlineData(Power.Stopped, Power.Running, "ACTIVE", "active", "powering-off")]
    [InlineData(Power.Running, Power.Stopped, "SHUTOFF", "stopped", "powering-on")]
    [InlineData(Power.Running, Power.Paused, "PAUSED", "paused", "unpausing")]
    [InlineData(Power.Running, Power.Suspended, "SUSPENDED", "suspended", "resuming")]
    [InlineData(Power.Paused, Power.Running, "ACTIVE", "active", "pausing")]
    [InlineData(Power.Suspended, Power.Running, "ACTIVE", "active", "suspending")]
    [InlineData(Power.Gone, Power.Running, "ACTIVE", "active", "deleting")]
    public void the_status_is_what_the_host_saw_and_the_task_is_the_way_to_what_is_wanted(string want, string seen, string status, string vm, string? task)
    {
        var shown = ServerStatus.Of(Row(want, seen));
        Assert.Equal((status, vm, task), (shown.Status, shown.VmState, shown.TaskState));
    }

    [Fact]
    public void a_server_that_never_ran_is_being_built_until_it_does()
    {
        Assert.Equal("BUILD", ServerStatus.Of(Row(Power.Running, Power.Unseen, launched: null)).Status);
        Assert.Equal("BUILD", ServerStatus.Of(Row(Power.Running, Power.Running, launched: null)).Status);
        Assert.Equal("scheduling", ServerStatus.Of(Row(Power.Running, Power.Unseen, launched: null, host: null)).TaskState);
    }

    [Fact]
    public void reboots_and_rebuilds_show_until_the_host_has_counted_them()
    {
        Assert.Equal("REBOOT", ServerStatus.Of(Row(Power.Running, Power.Running, reboots: 2, seenReboots: 1)).Status);
        Assert.Equal("HARD_REBOOT", ServerStatus.Of(Row(Power.Running, Power.Running, reboots: 2, seenReboots: 1, hard: true)).Status);
        Assert.Equal("REBUILD", ServerStatus.Of(Row(Power.Running, Power.Running, rebuilds: 1)).Status);
        Assert.Equal("ACTIVE", ServerStatus.Of(Row(Power.Running, Power.Running, reboots: 2, seenReboots: 2, rebuilds: 1, seenRebuilds: 1)).Status);
    }

    [Fact]
    public void a_fault_is_an_error_and_a_deleted_server_is_deleted_whatever_else()
    {
        Assert.Equal("ERROR", ServerStatus.Of(Row(Power.Running, Power.Unseen, launched: null, fault: "no host")).Status);
        Assert.Equal("ERROR", ServerStatus.Of(Row(Power.Running, Power.Running, seenFault: "disk full")).Status);
        Assert.Equal("DELETED", ServerStatus.Of(Row(Power.Gone, Power.Running, fault: "x", deleted: 5)).Status);
    }

    [Fact]
    public void nothing_is_settled_that_the_host_has_not_carried_out()
    {
        Assert.True(ServerStatus.Settled(Row(Power.Running, Power.Running)));
        Assert.False(ServerStatus.Settled(Row(Power.Stopped, Power.Running)));
        Assert.False(ServerStatus.Settled(Row(Power.Running, Power.Running, generation: 2)));
        Assert.False(ServerStatus.Settled(Row(Power.Running, Power.Running, reboots: 1)));
        Assert.False(ServerStatus.Settled(Row(Power.Running, Power.Running, rebuilds: 1)));
        Assert.False(ServerStatus.Settled(Row(Power.Running, Power.Running, seenFault: "disk full")));
    }
}
