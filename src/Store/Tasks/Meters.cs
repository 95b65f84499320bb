using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;

namespace Xiangyun.Store.Tasks;

public sealed class ProgressRow
{
    public required string Id { get; init; }
    public long BeganAt { get; init; }
    public long At { get; init; }
    public long Done { get; init; }
    public long? Total { get; init; }
    /// <summary>Bytes a second, of the last few seconds.</summary>
    public long? Rate { get; init; }
    public long? EndedAt { get; init; }
    public string? Error { get; init; }

    /// <summary>Nobody counts any more, and nobody said that it ended: whoever did it died.</summary>
    public bool Lost(long now) => EndedAt is null && now - At > Meters.Silence;

    public Progress Now => Progress.Of(Done, Total, EndedAt is null ? Rate : null);
}

internal sealed class ProgressDb(DbContextOptions<ProgressDb> options) : ModuleContext(options)
{
    public DbSet<ProgressRow> Progress => Set<ProgressRow>();

    protected override void OnModelCreating(ModelBuilder model) => model.Entity<ProgressRow>().ToTable("progress").HasKey(p => p.Id);
}

/// <summary>
/// Counts bytes where they flow and writes down how far it is every other second, so that every server can tell. What is over before the
/// first note leaves none.
/// </summary>
public sealed class Meters(Database database, TimeProvider clock)
{
    public const long Silence = 60_000;
    internal static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);

    public Meter Begin(string id, long? total = null) => new(database, clock, id, total);

    /// <summary>Somebody else counts, and tells now and then how far it is.</summary>
    public static async Task Told(Tx tx, string id, long done, long total)
    {
        var (rows, last) = (tx.Db<ProgressDb>().Progress, await Find(tx, id));
        if (last is null || last.Done > done || last.Lost(tx.Now))
        {
            await rows.Where(p => p.Id == id).ExecuteDeleteAsync();
            tx.Db<ProgressDb>().Add(new ProgressRow { Id = id, BeganAt = tx.Now, At = tx.Now, Done = done, Total = total });
            await tx.Save();
            return;
        }
        var rate = tx.Now > last.At ? (done - last.Done) * 1000 / (tx.Now - last.At) : last.Rate;
        await rows.Where(p => p.Id == id).ExecuteUpdateAsync(s => s.SetProperty(p => p.At, tx.Now).SetProperty(p => p.Done, done).SetProperty(p => p.Total, total).SetProperty(p => p.Rate, rate));
    }

    public static Task<ProgressRow?> Find(Query q, string id) => q.Db<ProgressDb>().Progress.SingleOrDefaultAsync(p => p.Id == id);

    public static async Task<IReadOnlyDictionary<string, ProgressRow>> Find(Query q, IReadOnlyCollection<string> ids)
    {
        var found = new Dictionary<string, ProgressRow>();
        foreach (var part in ids.Chunk(400)) foreach (var row in await q.Db<ProgressDb>().Progress.Where(p => part.Contains(p.Id)).ToListAsync()) found[row.Id] = row;
        return found;
    }

    /// <summary>Those whose id begins so, the newest first.</summary>
    public static Task<List<ProgressRow>> Begun(Query q, string prefix, int most) => q.Db<ProgressDb>().Progress.Where(p => p.Id.StartsWith(prefix)).OrderByDescending(p => p.BeganAt).Take(most).ToListAsync();
}
