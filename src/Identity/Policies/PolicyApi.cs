using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Policies;

/// <summary>Stored policies: kept and given back for clients that still use them; rights come from rules.txt alone.</summary>
internal sealed class PolicyApi(IdentityStore store) : IApi
{
    private const int Longest = 65_535;

    public Service Service => Keystone.Service;

    public void Map(Routes r)
    {
        r.Get("/policies", "identity:policies", call => store.Read(db => Pages.Of(call, "policies", db.Policies.Same(call, "type", "Type"), p => Wire(p, call))));
        r.Post("/policies", "identity:policies", "policy.create", Create);
        r.Get("/policies/{id}", "identity:policies", call => store.Read(async db => Answer.Ok(new JsonObject { ["policy"] = Wire(await Find(db, call["id"]), call) })));
        r.Patch("/policies/{id}", "identity:policies", "policy.update", Update);
        r.Delete("/policies/{id}", "identity:policies", "policy.delete", Delete);
    }

    private static JsonObject Wire(PolicyRow p, Call call)
    {
        var body = new JsonObject { ["id"] = p.Id, ["type"] = p.Type, ["blob"] = p.Text, ["links"] = Keystone.Self(call, "/policies/" + p.Id) };
        Keystone.AddExtras(body, p.Extra);
        return body;
    }

    private static async Task<PolicyRow> Find(IdentityDb db, string id) => await db.Policies.SingleOrDefaultAsync(p => p.Id == id) ?? throw Keystone.Missing("policy", id);

    private static string Extras(Fields body, string? before) => Keystone.Extras(body, before, "id", "type", "blob", "links");

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body("policy");
        var row = new PolicyRow { Id = Id.New(), Type = body.Text("type", 1), Text = body.Text("blob", 0, Longest), Extra = Extras(body, null) };
        await store.Write(call.Actor, (tx, db) =>
        {
            db.Add(row);
            tx.Audit(call.Verb, "policy", row.Id);
            return Task.CompletedTask;
        });
        return Answer.Created(new JsonObject { ["policy"] = Wire(row, call) });
    }

    private async Task<Answer> Update(Call call)
    {
        var body = await call.Body("policy");
        var row = await store.Write(call.Actor, async (tx, db) =>
        {
            var before = await Find(db, call["id"]);
            var (type, blob, extra) = (body.TextOr("type", 1) ?? before.Type, body.TextOr("blob", 0, Longest) ?? before.Text, Extras(body, before.Extra));
            await db.Policies.Where(p => p.Id == before.Id).ExecuteUpdateAsync(s => s.SetProperty(p => p.Type, type).SetProperty(p => p.Text, blob).SetProperty(p => p.Extra, extra));
            tx.Audit(call.Verb, "policy", before.Id);
            return new PolicyRow { Id = before.Id, Type = type, Text = blob, Extra = extra };
        });
        return Answer.Ok(new JsonObject { ["policy"] = Wire(row, call) });
    }

    private async Task<Answer> Delete(Call call)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            var row = await Find(db, call["id"]);
            await db.Policies.Where(p => p.Id == row.Id).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "policy", row.Id);
        });
        return Answer.NoContent;
    }
}
