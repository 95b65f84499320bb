using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Xiangyun.Kernel;
using Xiangyun.Reconcile;
using Xiangyun.Store;
using Xiangyun.Store.Alarms;

namespace Xiangyun.Operations.Alarms;

/// <summary>
/// Asks every module what is wrong now and lets the rows follow. A module that cannot answer is left as it was: no news is not good news.
/// Whichever server holds the key does it; if it dies, another one finds the same rows and the same world.
/// </summary>
internal sealed class Watcher(Database database, IEnumerable<IAlarmSource> sources, AlarmSettings settings, AlarmBook book, TimeProvider clock, ILogger<Watcher> log) : IReconciler
{
    public const string Work = "alarm-watch", All = "all";
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<IAlarmSource, long> _asked = new();

    public string Kind => Work;

    public TimeSpan FullPass => TimeSpan.FromMinutes(1);

    public Task<IReadOnlyList<string>> Keys(Query q) => Task.FromResult<IReadOnlyList<string>>([All]);

    public async Task<Next> Reconcile(string id, CancellationToken ct)
    {
        var now = clock.Ms();
        await Look([.. sources.Where(s => now - _asked.GetValueOrDefault(s) >= s.Period.TotalMilliseconds)], ct);
        return Next.In(Round);
    }

    /// <summary>Asks these, and writes down what follows.</summary>
    public async Task Look(IReadOnlyList<IAlarmSource> asked, CancellationToken ct)
    {
        var (told, kinds) = (new Dictionary<string, Condition>(), new HashSet<string>());
        foreach (var source in asked)
        {
            try
            {
                foreach (var condition in await database.Read(async q => await source.Now(q, settings.Limits(await AlarmSettings.Read(q))), ct)) told[condition.Key] = condition;
                kinds.UnionWith(source.Kinds.Select(k => k.Name));
                _asked[source] = clock.Ms();
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                log.SourceSilent(source.GetType().Name, e);
            }
        }
        if (kinds.Count > 0) await database.Write(Actor.System, tx => book.Follow(tx, [.. told.Values.Where(c => kinds.Contains(c.Kind))], kinds), ct);
    }
}
