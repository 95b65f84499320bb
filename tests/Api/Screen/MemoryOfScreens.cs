using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Screen;
using Xiangyun.Testing;

namespace Xiangyun.Api.Screen;

[Collection(nameof(Alone))] public sealed class MemoryOfScreensOnSqlite() : MemoryOfScreens("sqlite");
[Collection(nameof(Alone))] public sealed class MemoryOfScreensOnPostgres() : MemoryOfScreens("postgres");

/// <summary>What is measured of the whole process is measured when no other test runs in it.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>A screen that hangs in a hall for days costs no memory: neither the updates nor those who watch are kept.</summary>
public abstract class MemoryOfScreens(string database) : CloudTests(database)
{
    [Fact]
    public async Task many_updates_for_many_who_watch_leave_the_memory_flat()
    {
        var board = Cloud.Services.GetRequiredService<Board>();
        using var stop = new CancellationTokenSource();
        var watching = Enumerable.Range(0, 20).Select(async _ =>
        {
            using var seat = board.Watch();
            while (!stop.IsCancellationRequested) await Task.WhenAny(board.Next, Task.Delay(Timeout.Infinite, stop.Token));
        }).ToList();
        for (var n = 0; n < 50; n++) await board.Tick(default);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var n = 0; n < 300; n++) await board.Tick(default);
        await stop.CancelAsync();
        await Task.WhenAll(watching);
        // clouds of other tests live on in this process; a leak of one snapshot for each update would be over 1 MB, for each who watches over 20 MB
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 60 << 20);
        Assert.Equal(0, board.Watching);
    }
}
