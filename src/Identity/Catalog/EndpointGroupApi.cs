using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Catalog;

/// <summary>Groups of endpoints, chosen by service, interface and region (OS-EP-FILTER).</summary>
internal sealed class EndpointGroupApi(IdentityStore store) : IApi
{
    private static readonly string[] Filters = ["service_id", "interface", "region_id", "enabled"];

    public Service Service => Keystone.Service;

    public void Map(Routes r)
    {
        r.Get("/OS-EP-FILTER/endpoint_groups", "identity:endpoint_filter", call => store.Read(db => Pages.Of(call, "endpoint_groups", db.EndpointGroups.Named(call), g => Wire(g, call))));
        r.Post("/OS-EP-FILTER/endpoint_groups", "identity:endpoint_filter", "endpoint_group.create", Create);
        r.Get("/OS-EP-FILTER/endpoint_groups/{id}", "identity:endpoint_filter", Show);
        r.Head("/OS-EP-FILTER/endpoint_groups/{id}", "identity:endpoint_filter", async call => (await Show(call)) with { Body = null });
        r.Patch("/OS-EP-FILTER/endpoint_groups/{id}", "identity:endpoint_filter", "endpoint_group.update", Update);
        r.Delete("/OS-EP-FILTER/endpoint_groups/{id}", "identity:endpoint_filter", "endpoint_group.delete", Delete);
    }

    public static JsonObject Wire(EndpointGroupRow g, Call call) => new()
    {
        ["id"] = g.Id, ["name"] = g.Name, ["description"] = g.Description, ["filters"] = JsonNode.Parse(g.Filters), ["links"] = Keystone.Self(call, "/OS-EP-FILTER/endpoint_groups/" + g.Id),
    };

    public static async Task<EndpointGroupRow> Find(IdentityDb db, string id) => await db.EndpointGroups.SingleOrDefaultAsync(g => g.Id == id) ?? throw Keystone.Missing("endpoint group", id);

    private Task<Answer> Show(Call call) => store.Read(async db => Answer.Ok(new JsonObject { ["endpoint_group"] = Wire(await Find(db, call["id"]), call) }));

    /// <summary>The filters as JSON; only members that an endpoint has, each a text.</summary>
    private static string? Read(Fields body)
    {
        if (body.ObjectOr("filters") is not { } filters) return null;
        var read = new JsonObject();
        foreach (var name in filters.Names.ToList())
        {
            if (!Filters.Contains(name)) throw CloudError.Invalid($"The filter '{name}' is unknown; use {string.Join(", ", Filters)}.");
            if (name == "enabled") read[name] = filters.FlagOr(name);
            else read[name] = name == "interface" ? filters.OneOf(name, "public", "internal", "admin") : filters.TextOr(name);
        }
        return read.ToJsonString();
    }

    public static bool Fits(EndpointGroupRow group, EndpointRow e)
    {
        var filters = JsonNode.Parse(group.Filters)!.AsObject();
        bool Is(string name, string? actual) => filters[name] is not { } wanted || (string?)wanted == actual;
        return Is("service_id", e.ServiceId) && Is("interface", e.Interface) && Is("region_id", e.RegionId) && (filters["enabled"] is not { } on || (bool)on == e.Enabled);
    }

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body("endpoint_group");
        var made = new EndpointGroupRow
        {
            Id = Id.New(), Name = Keystone.Name(body), Description = body.TextOr("description", 0, 65_535), Filters = Read(body) ?? throw CloudError.Invalid("Invalid input: 'filters' is a required property."),
        };
        await store.Write(call.Actor, (tx, db) =>
        {
            db.Add(made);
            tx.Audit(call.Verb, "endpoint_group", made.Id, null, new { made.Name });
            return Task.CompletedTask;
        });
        return Answer.Created(new JsonObject { ["endpoint_group"] = Wire(made, call) });
    }

    private async Task<Answer> Update(Call call)
    {
        var body = await call.Body("endpoint_group");
        var row = await store.Write(call.Actor, async (tx, db) =>
        {
            var before = await Find(db, call["id"]);
            var (name, description, filters) = (body.TextOr("name", 1) ?? before.Name, body.Has("description") ? body.TextOr("description", 0, 65_535) : before.Description, Read(body) ?? before.Filters);
            await db.EndpointGroups.Where(g => g.Id == before.Id).ExecuteUpdateAsync(s => s.SetProperty(g => g.Name, name).SetProperty(g => g.Description, description).SetProperty(g => g.Filters, filters));
            tx.Audit(call.Verb, "endpoint_group", before.Id, null, new { name });
            return await Find(db, before.Id);
        });
        return Answer.Ok(new JsonObject { ["endpoint_group"] = Wire(row, call) });
    }

    private async Task<Answer> Delete(Call call)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            var row = await Find(db, call["id"]);
            await db.ProjectEndpointGroups.Where(p => p.GroupId == row.Id).ExecuteDeleteAsync();
            await db.EndpointGroups.Where(g => g.Id == row.Id).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "endpoint_group", row.Id, null, new { row.Name });
        });
        return Answer.NoContent;
    }
}
