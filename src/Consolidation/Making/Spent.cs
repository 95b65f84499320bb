using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;

namespace Xiangyun.Consolidation.Making;

/// <summary>How many moves servers and hosts had within the last day, by whichever plan.</summary>
internal sealed class Spent
{
    public const long Day = 24 * 3_600_000;

    internal sealed record Of(IReadOnlyDictionary<string, int> Servers, IReadOnlyDictionary<string, int> Hosts)
    {
        public int OfServer(string id) => Servers.GetValueOrDefault(id);

        public int OfHost(string id) => Hosts.GetValueOrDefault(id);
    }

    public static readonly Of Nothing = new(new Dictionary<string, int>(), new Dictionary<string, int>());

    public async Task<Of> Today(Query q)
    {
        var since = q.Now - Day;
        var moves = await q.Db<ConsolidationDb>().Moves.Where(m => m.BegunAt > since).Select(m => new { m.ServerId, m.FromHost, m.ToHost }).ToListAsync();
        return new Of(moves.GroupBy(m => m.ServerId).ToDictionary(g => g.Key, g => g.Count()), moves.SelectMany(m => new[] { m.FromHost, m.ToHost }).GroupBy(h => h).ToDictionary(g => g.Key, g => g.Count()));
    }
}
