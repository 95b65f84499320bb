using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store.Paging;

namespace Xiangyun.Contract.Store;

public sealed class PagesOnSqlite() : Pages("sqlite");
public sealed class PagesOnPostgres() : Pages("postgres");

/// <summary>Whatever the order, the page size and the rows that others insert meanwhile: no row is lost and none comes twice.</summary>
public abstract class Pages(string kind)
{
    private static readonly string?[] Names = [null, "", "a", "A", "b", "é", "祥云", "a b", "Z", "_"];
    private static readonly string[] Members = ["Name", "Count", "Flag", "Id"];

    private sealed record Walk(string?[] Names, long[] Counts, (string Member, bool Down)[] Sort, int Limit, bool Back);

    private static readonly Gen<Walk> Walks =
        from size in Gen.Choose(0, 25)
        from names in Gen.Elements(Names).ArrayOf(size)
        from counts in Gen.Choose(0, 3).Select(n => (long)n).ArrayOf(size)
        from keys in Gen.Choose(0, 3)
        from members in Gen.Elements(Members).ArrayOf(keys)
        from down in Gen.Elements(true, false).ArrayOf(keys)
        from limit in Gen.Choose(1, 7)
        from back in Gen.Elements(true, false)
        select new Walk(names, counts, [.. members.Zip(down).DistinctBy(k => k.First)], limit, back);

    [Fact]
    public async Task pages_neither_lose_nor_double_a_row_while_others_insert()
    {
        await using var store = await StoreOn.New(kind);
        await NoteDb.Create(store);
        foreach (var walk in Walks.Sample(25)) await Check(store, walk);
    }

    private static async Task Check(StoreOn store, Walk walk)
    {
        await store.Database.Write(Actor.System, tx => tx.Db<NoteDb>().Notes.ExecuteDeleteAsync());
        var rows = walk.Names.Select((name, i) => new NoteRow { Id = Id.New(), Name = name, Count = walk.Counts[i], Flag = walk.Counts[i] % 2 == 0 }).ToList();
        await Insert(store, [.. rows]);
        var sort = walk.Sort.Select(k => new SortKey(k.Member, k.Down)).ToList();
        var seen = new List<string>();
        string? marker = null;
        var inserted = 0;
        for (var more = true; more;)
        {
            var slice = await store.Database.Read(async q =>
            {
                var notes = q.Db<NoteDb>().Notes;
                var mark = marker is null ? null : await notes.SingleAsync(n => n.Id == marker);
                return await notes.Paged(sort, new Page(walk.Limit, marker, walk.Back), mark);
            });
            seen.AddRange(walk.Back ? slice.Rows.Reverse().Select(r => r.Id) : slice.Rows.Select(r => r.Id));
            more = slice.More;
            marker = slice.Rows.Count == 0 ? null : (walk.Back ? slice.Rows[0] : slice.Rows[^1]).Id;
            if (more && inserted++ < 20) await Insert(store, new NoteRow { Id = Id.New(), Name = Names[seen.Count % Names.Length], Count = seen.Count % 4 });
            Assert.True(seen.Count <= rows.Count * 8 + 50, $"never ends: {walk}");
        }
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Empty(rows.Select(r => r.Id).Except(seen));
    }

    private static Task Insert(StoreOn store, params NoteRow[] rows) => store.Database.Write(Actor.System, tx => { tx.Db<NoteDb>().AddRange(rows); return Task.CompletedTask; });
}
