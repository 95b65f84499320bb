using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Audit;
using Xiangyun.Store.Figures;
using Xiangyun.Store.Quotas;

namespace Xiangyun.Screen;

/// <summary>
/// Asks every module for its figures and puts them into the words of the screen: each with the moment it is of and the page that proves it;
/// shares by bureau; and the last things that were done, without people and addresses.
/// </summary>
internal sealed class Gathering(Database database, IEnumerable<IFigures> modules, IOrganisations organisations)
{
    /// <summary>Seconds between two snapshots.</summary>
    public const int Period = 5;
    private const int Events = 12, MostShares = 100, MostEach = 1000;

    public Task<JsonObject> Make(CancellationToken ct) => database.Read(async q =>
    {
        var bureaus = Bureaus(await organisations.All(q));
        var figures = new JsonObject();
        foreach (var module in modules)
            foreach (var f in await module.Of(q)) figures[f.Key] = Wire(f, q.Now, bureaus);
        return new JsonObject { ["period_s"] = Period, ["figures"] = figures, ["events"] = await Last(q, bureaus) };
    }, ct);

    private static JsonObject Wire(Figure f, long now, IReadOnlyDictionary<string, string> bureaus)
    {
        var wire = new JsonObject { ["value"] = Math.Round(f.Value, 2), ["unit"] = f.Unit, ["as_of"] = f.AsOf ?? now, ["period_s"] = f.Period ?? Period, ["evidence"] = f.Evidence };
        if (f.Shares is { } shares)
            wire["shares"] = new JsonArray([.. shares.Where(s => bureaus.ContainsKey(s.Key)).GroupBy(s => bureaus[s.Key]).Select(g => (Name: g.Key, Value: g.Sum(s => s.Value))).Where(s => s.Value > 0).OrderByDescending(s => s.Value).Take(MostShares)
                .Select(s => (JsonNode)new JsonObject { ["name"] = s.Name, ["value"] = Math.Round(s.Value, 2) })]);
        if (f.Each is { } each) wire["each"] = new JsonArray([.. each.Take(MostEach).Select(v => (JsonNode)Math.Round(v, 1))]);
        return wire;
    }

    /// <summary>The bureau (domain) that each node belongs to, by name.</summary>
    private static Dictionary<string, string> Bureaus(IReadOnlyList<OrganisationNode> nodes)
    {
        var byId = nodes.ToDictionary(n => n.Id);
        string? Of(OrganisationNode node) => node.ParentId is null ? null : node.ParentId == Quotas.Cloud ? node.Name : byId.TryGetValue(node.ParentId, out var above) ? Of(above) : null;
        return nodes.Select(n => (n.Id, Name: Of(n))).Where(n => n.Name is not null).ToDictionary(n => n.Id, n => n.Name!);
    }

    private static async Task<JsonArray> Last(Query q, IReadOnlyDictionary<string, string> bureaus)
    {
        var rows = await q.Db<AuditDb>().Audit.Where(a => a.Result == AuditRow.Done && a.DomainId != null && !a.Verb.StartsWith("token.") && !a.Verb.StartsWith("session.")).OrderByDescending(a => a.Id).Take(Events).Select(a => new { a.At, a.Verb, a.DomainId }).ToListAsync();
        return [.. rows.Where(r => bureaus.ContainsKey(r.DomainId!)).Select(r => (JsonNode)new JsonObject { ["at"] = r.At, ["what"] = r.Verb, ["bureau"] = bureaus[r.DomainId!] })];
    }
}
