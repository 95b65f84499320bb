using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Work;
using Xiangyun.Testing;

namespace Xiangyun.Contract.Store;

/// <summary>One server's view of a database; a second one on the same database stands for a second server.</summary>
public sealed class StoreOn : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly string _url;
    private readonly Folder? _folder;

    private StoreOn(string url, Folder? folder)
    {
        _url = url;
        _folder = folder;
        _services = new ServiceCollection().AddSingleton(TimeProvider.System).AddStore(url).BuildServiceProvider();
    }

    public Database Database => _services.GetRequiredService<Database>();
    public WorkTable Work => _services.GetRequiredService<WorkTable>();
    public WorkSignal Signal => _services.GetRequiredService<WorkSignal>();
    public Migrator Migrator => _services.GetRequiredService<Migrator>();

    public static async Task<StoreOn> New(string kind, bool migrated = true)
    {
        var folder = new Folder();
        var store = new StoreOn(kind == "postgres" ? await PostgresCluster.NewDatabase() : $"sqlite:{folder.At("store.db")}", folder);
        if (migrated) await store.Migrator.Run();
        return store;
    }

    public StoreOn SecondServer() => new(_url, null);

    public Task Wake(string kind, params string[] ids) => Database.Write(Actor.System, tx =>
    {
        foreach (var id in ids) tx.Wake(kind, id);
        return Task.CompletedTask;
    });

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder?.NoteResult();
        _folder?.Leave();
    }
}

public sealed class NoteRow
{
    public required string Id { get; init; }
    public string? Name { get; init; }
    public long Count { get; init; }
    public bool Flag { get; init; }
}

internal sealed class NoteDb(DbContextOptions<NoteDb> options) : ModuleContext(options)
{
    public DbSet<NoteRow> Notes => Set<NoteRow>();

    protected override void OnModelCreating(ModelBuilder model) => model.Entity<NoteRow>().ToTable("note").HasKey(r => r.Id);

    public static Task Create(StoreOn store) => store.Database.Write(Actor.System, tx =>
        tx.Run("CREATE TABLE note (id TEXT PRIMARY KEY, name TEXT, count BIGINT NOT NULL, flag BOOLEAN NOT NULL)"));
}
