using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Organisations;

/// <summary>
/// One resource of a whole piece of the tree at once, for pictures of it: what each node has and uses, and between which
/// numbers its grant may be changed right now. The same rule as <see cref="QuotaTree.MustFit"/>, asked beforehand.
/// </summary>
internal sealed class QuotaPictureApi(Database database, QuotaTree tree, IOrganisations organisations, Power power) : IApi
{
    private const int Most = 400, Deepest = 4;

    public Service Service => OrganisationApi.Own;

    public void Map(Routes r) => r.Get("/organisations/{id}/quota-tree", "organisation:read", Show);

    private Task<Answer> Show(Call call) => database.Read(async q =>
    {
        var (top, resource) = (call["id"], call.QueryOr("resource") ?? "compute.cores");
        var deep = call.QueryOr("depth") is not { } text ? 2 : int.TryParse(text, out var d) && d is >= 1 and <= Deepest ? d : throw CloudError.Invalid($"depth is a number from 1 to {Deepest}.");
        if (!tree.Units.TryGetValue(resource, out var unit)) throw CloudError.Invalid($"'{resource}' is not a quota that organisations divide; there are {string.Join(", ", tree.Units.Keys)}.");
        await OrganisationApi.Visible(q, power, call.Actor, top);
        var (all, carving) = (await organisations.All(q), await tree.Read(q, resource));
        var shown = Within(all, top, deep);
        var (givesTop, givesBelow) = (await power.Gives(q, call.Actor, top), await power.Manages(q, call.Actor, top));
        var rest = new Dictionary<string, long>();
        var nodes = new JsonArray();
        foreach (var (node, depth) in shown.Take(Most)) nodes.Add(await Wire(q, carving, rest, resource, node, depth, depth == 0 ? givesTop : givesBelow));
        var (ids, now) = (shown.Take(Most).Select(n => n.Node.Id).ToList(), q.Now);
        var loans = await Loans.Rows(q).Where(l => l.Resource == resource && l.Accepted == true && l.EndedAt == null && l.ExpiresAt > now && (ids.Contains(l.LenderId) || ids.Contains(l.BorrowerId))).OrderBy(l => l.Id).Take(Most).ToListAsync();
        return Answer.Ok(new JsonObject
        {
            ["quota_tree"] = new JsonObject
            {
                ["resource"] = resource, ["unit"] = unit, ["nodes"] = nodes, ["cut"] = shown.Count > Most,
                ["loans"] = new JsonArray([.. loans.Select(l => new JsonObject { ["id"] = l.Id, ["lender_id"] = l.LenderId, ["borrower_id"] = l.BorrowerId, ["amount"] = l.Amount, ["expires_at"] = Clock.Seconds(l.ExpiresAt) })]),
            },
        });
    });

    private static List<(OrganisationNode Node, int Depth)> Within(IReadOnlyList<OrganisationNode> all, string top, int deep)
    {
        var (below, found) = (all.ToLookup(n => n.ParentId ?? ""), new List<(OrganisationNode, int)>());
        var level = all.Where(n => n.Id == top).ToList();
        for (var depth = 0; depth <= deep && level.Count > 0; depth++)
        {
            found.AddRange(level.OrderBy(n => n.Name, StringComparer.Ordinal).Select(n => (n, depth)));
            level = [.. level.SelectMany(n => below[n.Id])];
        }
        return found;
    }

    private async Task<JsonObject> Wire(Query q, Carving carving, Dictionary<string, long> rest, string resource, OrganisationNode node, int depth, bool may)
    {
        var (id, holder) = (node.Id, carving.Holder(node.Id));
        var granted = carving.Has(id) ? carving.Grant(id) : (long?)null;
        var (borrowed, lent) = await Loans.Of(q, id, resource);
        var (handed, used, own) = (carving.HandedOut(id), await tree.Used(q, resource, [.. carving.Below(id)]), await tree.Used(q, resource, [.. carving.Sharing(id)]));
        var bound = holder is not null || carving.Handed(id).Any() || lent > 0;
        return new JsonObject
        {
            ["id"] = id, ["name"] = node.Name ?? id, ["parent_id"] = depth == 0 ? null : node.ParentId, ["depth"] = depth, ["granted"] = granted, ["borrowed"] = borrowed, ["lent"] = lent, ["shared_with"] = granted is null ? holder : null,
            ["handed_out"] = handed, ["used"] = used, ["left"] = granted is null ? null : granted + borrowed - lent - handed - own,
            ["least"] = bound ? handed + lent + Math.Max(0, own - borrowed) : 0, ["most"] = holder is null ? null : await MostOf(q, carving, rest, resource, id, holder, granted), ["may_grant"] = may,
        };
    }

    /// <summary>What the one above could give: its rest, and what this node has already, or took by sharing.</summary>
    private async Task<long> MostOf(Query q, Carving carving, Dictionary<string, long> rest, string resource, string id, string holder, long? granted)
    {
        if (granted is null) return Math.Max(0, await tree.ToGive(q, carving.With(id, 0), resource, holder));
        if (!rest.TryGetValue(holder, out var left)) rest[holder] = left = await tree.ToGive(q, carving, resource, holder);
        return Math.Max(0, granted.Value + left);
    }
}
