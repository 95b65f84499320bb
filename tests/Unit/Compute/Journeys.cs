using Xiangyun.Compute.Actions;
using Xiangyun.Compute.Servers;

namespace Xiangyun.Unit.Compute;

/// <summary>What clients see of a server between two desires, and when a change is over.</summary>
public sealed class Journeys
{
    private static readonly string Was = new Before("m", "h", "small", 1, 64, 1, null, "").Text();

    private static ServerRow Row(string why, string seen = Power.Running, long seenGeneration = 2, string want = Power.Running, long reboots = 0, long seenReboots = 0, string? resizeFrom = null,
        string? rescue = null, bool shelved = false, bool full = false, string? shelf = null, string? host = "h") => new()
    {
        Id = "s", ProjectId = "p", UserId = "u", Name = "n", FlavorId = "f", LaunchedAt = 1, HostId = host, Want = want, Seen = seen, Generation = 2, SeenGeneration = seenGeneration, ChangeWhy = why, ChangeGeneration = 2,
        RebootCount = reboots, SeenRebootCount = seenReboots, ResizeFrom = resizeFrom, RescueImageId = rescue, Shelved = shelved, ShelfFull = full, ShelfImageId = shelf,
    };

    private static (string, string?) Seen(ServerRow row) => (ServerStatus.Of(row).Status, ServerStatus.Of(row).TaskState);

    [Fact]
    public void a_resize_is_under_way_until_the_host_has_reported_it_and_then_waits_for_a_word()
    {
        Assert.Equal(("RESIZE", "resize_prep"), Seen(Row(Changes.Resize, seenGeneration: 1, resizeFrom: Was)));
        Assert.Equal(("RESIZE", "resize_prep"), Seen(Row(Changes.Resize, reboots: 1, resizeFrom: Was)));
        Assert.Equal(("VERIFY_RESIZE", null), Seen(Row(Changes.Resize, reboots: 1, seenReboots: 1, resizeFrom: Was)));
        Assert.Equal(("REVERT_RESIZE", "resize_reverting"), Seen(Row(Changes.Revert, reboots: 2, seenReboots: 1)));
        Assert.Equal(("ACTIVE", null), Seen(Row(Changes.Revert)));
    }

    [Fact]
    public void a_server_that_moves_is_not_there_before_its_new_host_says_so()
    {
        Assert.Equal(("MIGRATING", "migrating"), Seen(Row(Changes.LiveMigrate, seen: Power.Unseen)));
        Assert.Equal(("REBUILD", "rebuild_spawning"), Seen(Row(Changes.Evacuate, seen: Power.Unseen)));
        Assert.Equal(("ACTIVE", null), Seen(Row(Changes.LiveMigrate)));
    }

    [Fact]
    public void rescue_and_its_end_show_the_way()
    {
        Assert.Equal(("ACTIVE", "rescuing"), Seen(Row(Changes.Rescue, reboots: 1, rescue: "i")));
        Assert.Equal(("RESCUE", null), Seen(Row(Changes.Rescue, rescue: "i")));
        Assert.Equal(("RESCUE", "unrescuing"), Seen(Row(Changes.Unrescue, reboots: 1)));
    }

    [Fact]
    public void a_shelved_server_is_shelved_only_when_its_disk_is_safe()
    {
        Assert.Equal(("ACTIVE", "shelving"), Seen(Row("", shelved: true, want: Power.Stopped)));
        Assert.Equal(("ACTIVE", "shelving_image_uploading"), Seen(Row("", Power.Stopped, shelved: true, want: Power.Stopped, shelf: "i")));
        Assert.Equal(("SHELVED", null), Seen(Row("", Power.Stopped, shelved: true, want: Power.Stopped, shelf: "i", full: true)));
        Assert.Equal(("SHELVED_OFFLOADED", null), Seen(Row("", Power.Stopped, shelved: true, want: Power.Stopped, shelf: "i", full: true, host: null)));
        Assert.Equal(("SHELVED_OFFLOADED", "unshelving"), Seen(Row(Changes.Unshelve, shelf: "i")));
        Assert.Equal(("ACTIVE", null), Seen(Row(Changes.Unshelve)));
    }
}
