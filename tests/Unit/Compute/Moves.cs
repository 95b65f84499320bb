using Xiangyun.Compute.Actions;
using Xiangyun.Compute.Operations;
using Xiangyun.Compute.Servers;
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

    private static ServerRow Server(string seen) => Row(seen, "", null);

    private static ServerRow Moving(string seen) => Row(seen, Changes.LiveMigrate, new Before("m", "h1", "f", 1, 64, 1, null, "", Live: true).Text());

    private static ServerRow Row(string seen, string why, string? before) => new()
    {
        Id = "s", ProjectId = "p", UserId = "u", Name = "web", FlavorId = "f", HostId = "h2", Want = Power.Running, Seen = seen, LaunchedAt = 1, Generation = 2, SeenGeneration = 2, ChangeGeneration = 2, ChangeWhy = why, ResizeFrom = before,
    };
}
