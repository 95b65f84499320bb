using Xiangyun.Kernel;
using Xiangyun.Store.Audit;
using Xiangyun.Store.Quotas;

namespace Xiangyun.Contract.Store;

public sealed class PortrayalsOnSqlite() : Portrayals("sqlite");
public sealed class PortrayalsOnPostgres() : Portrayals("postgres");

/// <summary>What the audit log shows of objects before and after.</summary>
public abstract class Portrayals(string kind)
{
    [Fact]
    public async Task every_table_and_column_that_portraits_txt_names_is_there()
    {
        await using var store = await StoreOn.New(kind);
        foreach (var known in Portraits.Known)
            Assert.Empty((await store.Database.Read(q => Portraits.Read(q, [(known, "nothing")])))[(known, "nothing")].Of(known));
    }

    [Fact]
    public async Task many_writers_do_not_wait_for_each_others_second_connection()
    {
        await using var store = await StoreOn.New(kind);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(n => Task.Run(() => store.Database.Write(Actor.System, async tx =>
        {
            await tx.Lock($"quota:p{n % 3}");
            await Quotas.Set(tx, $"p{n % 3}", "test.note", n);
            tx.Audit("quota.update", "quota", $"p{n % 3}");
        })))).WaitAsync(TimeSpan.FromSeconds(60));
        var told = await store.Database.Read(q => Task.FromResult(q.Db<AuditDb>().Audit.Where(a => a.Kind == "quota" && a.Became != null).ToList()));
        Assert.Equal(200, told.Count);
        // Each change begins where another one ended: what is told as before was really there.
        foreach (var project in told.GroupBy(t => t.ResourceId)) Assert.Equal(project.Count() - 1, project.Count(t => t.Was is not null));
    }
}
