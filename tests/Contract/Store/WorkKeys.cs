using System.Collections.Concurrent;
using Xiangyun.Store.Work;
using Xiangyun.Testing;

namespace Xiangyun.Contract.Store;

public sealed class WorkKeysOnSqlite() : WorkKeys("sqlite");

public sealed class WorkKeysOnPostgres() : WorkKeys("postgres")
{
    [Fact]
    public async Task two_servers_never_hold_the_same_key()
    {
        await using var first = await StoreOn.New("postgres");
        await using var second = first.SecondServer();
        await first.Wake("k", [.. Enumerable.Range(0, 400).Select(n => $"id{n}")]);
        var held = new ConcurrentBag<string>();
        await Task.WhenAll(new[] { first, second, first, second }.Select(server => Task.Run(async () =>
        {
            while (await server.Work.Claim(7, Long, default) is { Count: > 0 } items)
                foreach (var item in items)
                {
                    held.Add(item.Id);
                    await server.Work.Done(item, null);
                }
        })));
        Assert.Equal(400, held.Count);
        Assert.Equal(400, held.Distinct().Count());
    }
}

/// <summary>The one table that is queue, outbox, retry and lease.</summary>
public abstract class WorkKeys(string kind)
{
    protected static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task a_key_that_is_woken_many_times_is_one_key()
    {
        await using var store = await StoreOn.New(kind);
        await store.Wake("k", "a", "a", "b");
        await store.Wake("k", "a");
        Assert.Equal(["a", "b"], (await store.Work.Claim(10, Long, default)).Select(i => i.Id).Order());
    }

    [Fact]
    public async Task a_held_key_is_not_given_twice_and_a_done_one_is_forgotten()
    {
        await using var store = await StoreOn.New(kind);
        await store.Wake("k", "a");
        var item = Assert.Single(await store.Work.Claim(10, Long, default));
        Assert.Empty(await store.Work.Claim(10, Long, default));
        await store.Work.Done(item, null);
        Assert.Equal((0L, 0L), await store.Work.Depth(default));
    }

    [Fact]
    public async Task a_wake_while_the_key_is_held_is_not_lost()
    {
        await using var store = await StoreOn.New(kind);
        await store.Wake("k", "a");
        var item = Assert.Single(await store.Work.Claim(10, Long, default));
        await store.Wake("k", "a");
        Assert.Empty(await store.Work.Claim(10, Long, default));
        await store.Work.Done(item, null);
        Assert.Equal("a", Assert.Single(await store.Work.Claim(10, Long, default)).Id);
    }

    [Fact]
    public async Task a_wake_while_the_key_is_held_is_not_lost_when_the_work_fails_or_wants_to_come_back_late()
    {
        await using var store = await StoreOn.New(kind);
        foreach (var end in new Func<WorkItem, Task>[] { i => store.Work.Failed(i, "no", Long), i => store.Work.Done(i, Long) })
        {
            await store.Wake("k", "a");
            var item = Assert.Single(await store.Work.Claim(10, Long, default));
            await store.Wake("k", "a");
            await end(item);
            await store.Work.Done(Assert.Single(await store.Work.Claim(10, Long, default)), null);
        }
    }

    [Fact]
    public async Task a_worker_that_dies_loses_its_key_when_the_lease_ends()
    {
        await using var store = await StoreOn.New(kind);
        await using var other = store.SecondServer();
        await store.Wake("k", "a");
        Assert.Single(await store.Work.Claim(10, TimeSpan.FromSeconds(3), default));
        Assert.Empty(await other.Work.Claim(10, Long, default));
        var taken = await Wait.For("the key is free again", () => other.Work.Claim(10, Long, default), items => items.Count > 0);
        Assert.Equal(2, Assert.Single(taken).Attempts);
    }

    [Fact]
    public async Task a_worker_that_lives_keeps_its_key_and_one_that_ends_gives_it_back_at_once()
    {
        await using var store = await StoreOn.New(kind);
        await using var other = store.SecondServer();
        await store.Wake("k", "a");
        var mine = Assert.Single(await store.Work.Claim(10, TimeSpan.FromSeconds(1), default));
        await store.Work.Renew([mine], Long);
        await other.Work.Renew([mine], TimeSpan.Zero); // not its own: nothing happens
        await Task.Delay(TimeSpan.FromSeconds(1.2));
        Assert.Empty(await other.Work.Claim(10, Long, default));
        await store.Work.GiveBack(mine);
        var taken = Assert.Single(await other.Work.Claim(10, Long, default));
        await store.Work.Renew([mine], TimeSpan.Zero); // too late: another has it
        Assert.Empty(await store.Work.Claim(10, Long, default));
        await other.Work.Done(taken, null);
    }

    [Fact]
    public async Task a_failure_keeps_its_reason_waits_and_counts_and_a_new_wake_starts_over()
    {
        await using var store = await StoreOn.New(kind);
        await store.Wake("k", "a");
        await store.Work.Failed(Assert.Single(await store.Work.Claim(1, Long, default)), "the disk is full", TimeSpan.FromSeconds(4));
        Assert.Equal((1L, 1L), await store.Work.Depth(default));
        Assert.Empty(await store.Work.Claim(1, Long, default));
        var again = Assert.Single(await Wait.For("the key is due", () => store.Work.Claim(1, Long, default), items => items.Count > 0));
        Assert.Equal(2, again.Attempts);
        await store.Work.Failed(again, "still full", Long);
        await store.Wake("k", "a");
        Assert.Equal(1, Assert.Single(await store.Work.Claim(1, Long, default)).Attempts);
    }

    [Fact]
    public async Task a_delayed_key_comes_when_it_is_due_and_an_earlier_wake_wins()
    {
        await using var store = await StoreOn.New(kind);
        await store.Database.Write(Kernel.Actor.System, tx => { tx.Wake("k", "late", Long); tx.Wake("k", "both", Long); return Task.CompletedTask; });
        await store.Wake("k", "both");
        Assert.Equal("both", Assert.Single(await store.Work.Claim(10, Long, default)).Id);
    }
}
