using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Testing;

namespace Xiangyun.Contract.Store;

public sealed class Schema
{
    [Fact]
    public async Task both_databases_get_the_same_tables_and_columns()
    {
        Needs.That("postgres");
        await using var sqlite = await StoreOn.New("sqlite");
        await using var postgres = await StoreOn.New("postgres");
        var one = await Columns(sqlite, "SELECT m.name || '.' || c.name || ' ' || CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN 'required' ELSE 'optional' END FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'");
        var other = await Columns(postgres, "SELECT table_name || '.' || column_name || ' ' || CASE WHEN is_nullable = 'NO' THEN 'required' ELSE 'optional' END FROM information_schema.columns WHERE table_schema = 'public'");
        Assert.NotEmpty(one);
        Assert.Equal(one, other);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task running_the_history_again_changes_nothing_and_two_servers_may_start_at_once(string kind)
    {
        await using var store = await StoreOn.New(kind, migrated: false);
        await using var second = store.SecondServer();
        var counts = kind == "sqlite" ? [await store.Migrator.Run(), await second.Migrator.Run()] : await Task.WhenAll(store.Migrator.Run(), second.Migrator.Run());
        Assert.Equal(Migrator.Steps(kind == "postgres").Count(), counts.Sum());
        Assert.Equal(0, await store.Migrator.Run());
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task a_step_that_was_edited_after_it_was_applied_is_refused(string kind)
    {
        await using var store = await StoreOn.New(kind);
        await store.Database.Write(Actor.System, async tx => { await tx.Run("UPDATE migration SET sha256 = 'another' WHERE name = '0001-foundation'"); });
        Assert.Contains("0001-foundation was changed", (await Assert.ThrowsAsync<InvalidOperationException>(() => store.Migrator.Run())).Message);
    }

    private static Task<List<string>> Columns(StoreOn store, string sql) => store.Database.Read(async q =>
    {
        await using var command = q.Command(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(reader.GetString(0));
        rows.Sort(StringComparer.Ordinal);
        return rows;
    });
}
