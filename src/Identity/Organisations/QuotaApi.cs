using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Organisations;

/// <summary>
/// What each organisation was given, has handed out, uses and has left. A grant is carved out of the nearest one above;
/// a project without one shares what is left there. The services' own quota sets are the same rows.
/// </summary>
internal sealed class QuotaApi(Database database, QuotaTree tree, Power power) : IApi
{
    public Service Service => OrganisationApi.Own;

    public void Map(Routes r)
    {
        r.Get("/organisations/{id}/quotas", "organisation:read", Show);
        r.Put("/organisations/{id}/quotas", "organisation:divide", "quota.divide", Divide);
    }

    private Task<Answer> Show(Call call) => database.Read(async q =>
    {
        await OrganisationApi.Visible(q, power, call.Actor, call["id"]);
        return Answer.Ok(await Body(q, call["id"]));
    });

    private async Task<Answer> Divide(Call call)
    {
        var quotas = (await call.Body()).Object("quotas");
        var wanted = quotas.Names.Order(StringComparer.Ordinal).ToDictionary(name => name, name => quotas.NumberOr(name, 0, long.MaxValue));
        if (wanted.Keys.FirstOrDefault(name => !tree.Units.ContainsKey(name)) is { } unknown)
            throw CloudError.Invalid($"'{unknown}' is not a quota that organisations divide; there are {string.Join(", ", tree.Units.Keys)}.");
        return await database.Write(call.Actor, async tx =>
        {
            var id = call["id"];
            await OrganisationApi.Visible(tx, power, call.Actor, id);
            if (!await power.Gives(tx, call.Actor, id)) throw CloudError.Forbidden($"The quota of {id} is given by whoever manages the organisation above it.");
            var before = await Quotas.Grants(tx, id);
            foreach (var (resource, value) in wanted)
            {
                if (value is { } amount) await Quotas.Set(tx, id, resource, amount);
                else await Quotas.Forget(tx, id, resource);
            }
            tx.Audit(call.Verb, "organisation", id, id, new { before = before.Where(b => wanted.ContainsKey(b.Key)).ToDictionary(), after = wanted });
            return Answer.Ok(await Body(tx, id));
        });
    }

    private async Task<JsonObject> Body(Query q, string id)
    {
        var loans = await Loans.Balances(q, id);
        var rows = new JsonArray();
        foreach (var (resource, unit) in tree.Units)
        {
            var carving = await tree.Read(q, resource);
            var granted = carving.Has(id) ? carving.Grant(id) : (long?)null;
            var holder = granted is null ? carving.Holder(id) : id;
            var (borrowed, lent) = loans.GetValueOrDefault(resource);
            rows.Add(new JsonObject
            {
                ["resource"] = resource, ["unit"] = unit, ["granted"] = granted, ["borrowed"] = borrowed, ["lent"] = lent, ["shared_with"] = holder == id ? null : holder,
                ["handed_out"] = carving.HandedOut(id), ["used"] = await tree.Used(q, resource, [.. carving.Below(id)]), ["left"] = holder is null ? null : await tree.ToUse(q, carving, resource, holder),
            });
        }
        return new JsonObject { ["organisation_id"] = id, ["quotas"] = rows };
    }
}
