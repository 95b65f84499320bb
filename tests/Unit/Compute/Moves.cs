using Xiangyun.Compute.Actions;
using Xiangyun.Compute.Operations;
using Xiangyun.Compute.Servers;
using Xiangyun.Fleet.Public;
using Xiangyun.Store.Tasks;

namespace Xiangyun.Unit.Compute;

/// <summary>What people see of a server that moves while it runs.</summary>
public sealed class Moves
{
    private static readonly ServerActionRow Action = new() { Id = "a", ServerId = "s", Action = "live-migration", RequestId = "req-1", UserId = "u", ProjectId = "p", StartedAt = 1000 };

    [Fact]
    public void it_is_migrating_and_running_until_its_new_host_has_it()
    {
        Assert.Equal(new ServerStatus("MIGRATING", "active", "migrating", 1), ServerStatus.Of(Moving(Power.Unseen)));
        Assert.Equal("MIGRATING", ServerStatus.Of(Moving(Power.Running)).Status); // it runs there, and its old host is not let go yet
        Assert.Equal(new ServerStatus("ACTIVE", "active", null, 1), ServerStatus.Of(Server(Power.Running)));
    }

    [Fact]
    public void its_task_tells_how_much_has_been_sent()
    {
        var sent = new Dictionary<string, ProgressRow> { ["move:s"] = new() { Id = "move:s", BeganAt = 1000, At = 3000, Done = 300, Total = 1200, Rate = 100 } };
        var task = ServerTaskRules.View(Action, Moving(Power.Unseen), newest: true, null, sent, now: 3000)!;
        Assert.Equal((TaskStates.Running, 25.0, 9L), (task.State, task.Progress!.Percent!.Value, task.Progress.EtaSeconds!.Value));
    }

    [Fact]
    public void a_move_that_failed_is_a_failed_task_that_nobody_can_repeat_as_it_was()
    {
        var failed = new ServerActionRow { Id = "a", ServerId = "s", Action = "live-migration", RequestId = "req-1", UserId = "u", ProjectId = "p", StartedAt = 1000, FinishedAt = 2000, Message = "The guest could not leave h1: no room" };
        var task = ServerTaskRules.View(failed, Server(Power.Running), newest: true, null, new Dictionary<string, ProgressRow>(), now: 3000)!;
        Assert.Equal((TaskStates.Failed, "The guest could not leave h1: no room", 0), (task.State, task.Error, task.Can.Count));
    }

    [Theory]
    [InlineData(Power.Running, false, null, 1, 0, null)]
    [InlineData(Power.Running, true, null, 600, 0, null)] // the new host awaits it: however long it takes, the old one decides
    [InlineData(Power.Running, true, "no room", 1, 0, "The guest could not leave h1: no room")]
    [InlineData(Power.Unseen, true, "no room", 1, 0, null)] // it failed and is not there: it may have arrived after all
    [InlineData(Power.Stopped, true, null, 1, 0, "The guest was stopped on h1 before it could leave.")]
    [InlineData(Power.Running, false, null, 121, 0, "Host h2 did not get ready within 2 minutes.")]
    [InlineData(Power.Unseen, true, null, 600, 59, null)]
    [InlineData(Power.Unseen, true, null, 600, 61, "The guest was lost on its way to h2; host h1 has it again.")]
    public void who_holds_the_guest_decides_whether_it_comes_back(string seen, bool awaited, string? fault, int waited, int nowhere, string? why)
    {
        var place = new PlaceRow { ServerId = "s", HostId = "h1", Want = Power.Running, Generation = 2, SeenGeneration = 2, Seen = seen, Awaited = awaited, Fault = fault };
        Assert.Equal(why, LiveMoveRules.WhyBack(Moving(Power.Unseen), place, "h1", "h2", waited * 1000L, nowhere * 1000L));
    }

    [Theory]
    [InlineData(true, Power.Unseen, true, true)]
    [InlineData(true, Power.Running, true, false)]
    [InlineData(false, Power.Running, true, true)] // the old host is silent: what it said last does not count
    [InlineData(true, Power.Unseen, false, false)] // the new one is silent: it may have it
    public void it_is_nowhere_only_when_a_living_new_host_does_not_have_it(bool oldAlive, string seen, bool newAlive, bool nowhere)
    {
        var place = new PlaceRow { ServerId = "s", HostId = "h1", Want = Power.Running, Generation = 2, SeenGeneration = 2, Seen = seen, Awaited = true };
        Assert.Equal(nowhere, LiveMoveRules.Nowhere(Moving(Power.Unseen), place, Host("h1", oldAlive), Host("h2", newAlive)));
        Assert.False(LiveMoveRules.Nowhere(Moving(Power.Running), place, Host("h1", oldAlive), Host("h2", newAlive)));
    }

    private static HostView Host(string id, bool alive) => new() { Id = id, Name = id, Alive = alive };

    private static ServerRow Server(string seen) => Row(seen, "", null);

    private static ServerRow Moving(string seen) => Row(seen, Changes.LiveMigrate, new Before("m", "h1", "f", 1, 64, 1, null, "", Live: true).Text());

    private static ServerRow Row(string seen, string why, string? before) => new()
    {
        Id = "s", ProjectId = "p", UserId = "u", Name = "web", FlavorId = "f", HostId = "h2", Want = Power.Running, Seen = seen, LaunchedAt = 1, Generation = 2, SeenGeneration = 2, ChangeGeneration = 2, ChangeWhy = why, ResizeFrom = before,
    };
}
