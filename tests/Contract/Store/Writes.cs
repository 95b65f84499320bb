using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store.Audit;
using Xiangyun.Store.Quotas;

namespace Xiangyun.Contract.Store;

public sealed class WritesOnSqlite() : Writes("sqlite");
public sealed class WritesOnPostgres() : Writes("postgres");

public abstract class Writes(string kind)
{
    private static readonly Actor Somebody = new() { UserId = "u", UserName = "somebody", UserDomainId = "default", ProjectId = "p" };

    [Fact]
    public async Task sixteen_writers_lose_no_update_and_none_of_them_starves()
    {
        await using var store = await StoreOn.New(kind);
        await NoteDb.Create(store);
        await store.Database.Write(Actor.System, tx => { tx.Db<NoteDb>().Add(new NoteRow { Id = "n" }); return Task.CompletedTask; });
        var slowest = new long[16];
        await Task.WhenAll(Enumerable.Range(0, 16).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
            {
                var since = Stopwatch.StartNew();
                await store.Database.Write(Actor.System, async tx =>
                {
                    await tx.Lock("n");
                    var before = await tx.Db<NoteDb>().Notes.SingleAsync(n => n.Id == "n");
                    await tx.Db<NoteDb>().Notes.Where(n => n.Id == "n").ExecuteUpdateAsync(s => s.SetProperty(n => n.Count, before.Count + 1));
                });
                slowest[writer] = Math.Max(slowest[writer], since.ElapsedMilliseconds);
            }
        })));
        Assert.Equal(800, (await store.Database.Read(q => q.Db<NoteDb>().Notes.SingleAsync())).Count);
        Assert.All(slowest, ms => Assert.True(ms < 10_000, $"a writer waited {ms} ms"));
    }

    [Fact]
    public async Task what_throws_leaves_neither_row_nor_work_nor_audit()
    {
        await using var store = await StoreOn.New(kind);
        await NoteDb.Create(store);
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.Database.Write(Somebody, async tx =>
        {
            tx.Db<NoteDb>().Add(new NoteRow { Id = "n" });
            tx.Wake("note", "n");
            tx.Audit("note.create", "note", "n");
            await tx.Save();
            throw new InvalidOperationException("on the way");
        }));
        Assert.Equal(0, await store.Database.Read(q => q.Db<NoteDb>().Notes.CountAsync()));
        Assert.Equal(0, await store.Database.Read(q => q.Db<AuditDb>().Audit.CountAsync()));
        Assert.Empty(await store.Work.Claim(10, TimeSpan.FromMinutes(1), default));
    }

    [Fact]
    public async Task a_caller_cannot_write_without_an_audit_row()
    {
        await using var store = await StoreOn.New(kind);
        await NoteDb.Create(store);
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.Database.Write(Somebody, tx => { tx.Db<NoteDb>().Add(new NoteRow { Id = "n" }); return Task.CompletedTask; }));
        Assert.Equal(0, await store.Database.Read(q => q.Db<NoteDb>().Notes.CountAsync()));
    }

    [Fact]
    public async Task the_same_key_twice_is_a_conflict_and_no_fault()
    {
        await using var store = await StoreOn.New(kind);
        await NoteDb.Create(store);
        Task Add() => store.Database.Write(Actor.System, tx => { tx.Db<NoteDb>().Add(new NoteRow { Id = "n" }); return Task.CompletedTask; });
        await Add();
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<CloudError>(Add)).Kind);
    }

    [Fact]
    public async Task many_writers_cannot_pass_a_quota_together()
    {
        await using var store = await StoreOn.New(kind);
        await NoteDb.Create(store);
        await store.Database.Write(Actor.System, tx => Quotas.Set(tx, "p", "test.note", 7));
        var refused = 0;
        await Task.WhenAll(Enumerable.Range(0, 24).Select(n => Task.Run(async () =>
        {
            try
            {
                await store.Database.Write(Actor.System, async tx =>
                {
                    await tx.Lock("quota:p");
                    await Quotas.Check(tx, "p", "test.note", await tx.Db<NoteDb>().Notes.CountAsync(), 1, fallback: 100);
                    tx.Db<NoteDb>().Add(new NoteRow { Id = $"n{n}" });
                });
            }
            catch (CloudError e) when (e.Kind == ErrorKind.OverLimit)
            {
                Interlocked.Increment(ref refused);
            }
        })));
        Assert.Equal((7, 17), (await store.Database.Read(q => q.Db<NoteDb>().Notes.CountAsync()), refused));
    }
}
