using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xiangyun.Audit.Chain;
using Xiangyun.Audit.Keys;
using Xiangyun.Audit.Retention;
using Xiangyun.Evidence;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Audit;
using Xiangyun.Testing;
using static Xiangyun.Api.Audit.Asked;

namespace Xiangyun.Api.Audit;

public sealed class MeddlingOnSqlite() : Meddling("sqlite");
public sealed class MeddlingOnPostgres() : Meddling("postgres");

/// <summary>A cloud of its own for each test: its audit log is meddled with, written to by many, or grows old.</summary>
public abstract class Meddling(string database) : IAsyncLifetime
{
    private Cloud _cloud = null!;

    public async ValueTask InitializeAsync()
    {
        if (database == "postgres") Needs.That("postgres");
        _cloud = await Cloud.Start(new CloudShape { Database = database, Hosts = 0 });
    }

    public async ValueTask DisposeAsync()
    {
        _cloud.Folder.NoteResult();
        await _cloud.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task<Verdict> Check() => Verifier.Check(new MemoryStream((await _cloud.Auditor.Get("/xiangyun/v1/audit/export")).Is(200).Bytes));

    private async Task Sql(params string[] statements) => await _cloud.Database.Write(Actor.System, async tx =>
    {
        foreach (var sql in statements) await tx.Db<AuditDb>().Database.ExecuteSqlRawAsync(sql);
    });

    private Task WithoutGuard() => database == "postgres" ? Sql("DROP TRIGGER audit_keep ON audit") : Sql("DROP TRIGGER audit_no_change", "DROP TRIGGER audit_no_removal");

    [Theory]
    [InlineData("UPDATE audit SET user_name = 'nobody' WHERE seq = 5", "record 5: it was changed")]
    [InlineData("UPDATE audit SET became = '{{}}' WHERE seq = 5", "record 5: it was changed")]
    [InlineData("UPDATE audit SET result = 'refused', at = at - 1 WHERE seq = 5", "record 5: it was changed")]
    [InlineData("DELETE FROM audit WHERE seq = 5", "record 6: record 5 is missing before it")]
    [InlineData("UPDATE audit SET seq = -seq WHERE seq IN (5, 6); UPDATE audit SET seq = 11 + seq WHERE seq IN (-5, -6)", "record 5: it was changed")]
    [InlineData("UPDATE audit_head SET hash = '0000000000000000000000000000000000000000000000000000000000000000'", "the hash differs from the signed head")]
    public async Task what_is_changed_behind_the_triggers_is_found_in_the_next_copy(string sql, string found)
    {
        for (var i = 0; i < 4; i++) await _cloud.NewProject();
        await Chained(_cloud);
        Assert.True((await Check()).Good);
        await WithoutGuard();
        if (sql.Contains("audit_head", StringComparison.Ordinal)) await Sql(database == "postgres" ? "DROP TRIGGER audit_head_keep ON audit_head" : "DROP TRIGGER audit_head_no_change");
        await Sql(sql);
        Assert.Contains(found, string.Join('\n', (await Check()).Findings));
    }

    [Fact]
    public async Task many_writers_and_many_chainers_make_one_chain()
    {
        var links = _cloud.Services.GetRequiredService<Links>();
        using var stop = new CancellationTokenSource();
        var chainers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () => { while (!stop.IsCancellationRequested) await links.Chain(CancellationToken.None); })).ToList();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
                await _cloud.Database.Write(Actor.System, async tx =>
                {
                    tx.Audit("test.write", "test", $"{writer}-{i}");
                    await Task.Yield();
                });
        })));
        await Chained(_cloud);
        await stop.CancelAsync();
        await Task.WhenAll(chainers);
        var verdict = await Check();
        Assert.True(verdict.Good, string.Join('\n', verdict.Findings));
        Assert.Equal(400, await _cloud.Database.Read(q => q.Db<AuditDb>().Audit.CountAsync(a => a.Kind == "test" && a.Seq != null)));
    }

    [Fact]
    public async Task records_go_when_their_time_is_over_and_the_rest_still_checks()
    {
        await _cloud.NewProject();
        await Chained(_cloud);
        Assert.True((await Check()).Good);
        var (ring, early, late) = (_cloud.Services.GetRequiredService<KeyRing>(), new Later(TimeSpan.FromDays(364)), new Later(TimeSpan.FromDays(366)));
        await new Pruner(_cloud.Database, ring, early, NullLogger<Pruner>.Instance).Prune(default);
        Assert.Equal(1, (await Check()).First);
        var head = (long)(await _cloud.Auditor.Get("/xiangyun/v1/audit/heads?limit=1")).Is(200)["heads"][0]!["seq"]!;
        await new Pruner(_cloud.Database, ring, late, NullLogger<Pruner>.Instance).Prune(default);
        var verdict = await Check();
        Assert.True(verdict.Good, string.Join('\n', verdict.Findings));
        Assert.Equal(head + 1, verdict.First);
        Assert.Equal(head, (long)(await Chained(_cloud))["removed_seq"]!);
        Assert.Single(await Records(_cloud, _cloud.Auditor, "action=audit.prune"));
    }

    [Fact]
    public async Task a_server_without_the_secret_chains_but_says_that_it_cannot_sign()
    {
        await Chained(_cloud);
        var others = new KeyRing(_cloud.Database, new Vault(new Xiangyun.Audit.AuditOptions(_cloud.Folder.At("other.secret"))), TimeProvider.System, NullLogger<KeyRing>.Instance);
        Assert.Null(await others.Current(default));
        Assert.Equal(ErrorKind.Unavailable, (await Assert.ThrowsAsync<CloudError>(() => others.Rotate(Actor.System, default))).Kind);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_cloud.Folder.At("other.secret")));
    }

    /// <summary>The clock of a later day.</summary>
    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
