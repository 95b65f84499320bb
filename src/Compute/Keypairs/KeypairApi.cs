using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Numbers;
using Xiangyun.Compute.Quotas;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Keypairs;

/// <summary>Keypairs belong to users. Since 2.10 an administrator may work on another user's by user_id.</summary>
internal sealed class KeypairApi(Database database, TimeProvider clock) : IApi
{
    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        r.Get("/os-keypairs", "compute:keypairs", List);
        r.Post("/os-keypairs", "compute:keypairs", "keypair.create", Create);
        r.Get("/os-keypairs/{name}", "compute:keypairs", Show);
        r.Delete("/os-keypairs/{name}", "compute:keypairs", "keypair.delete", Delete);
    }

    private static JsonObject Wire(KeypairRow k, Call call)
    {
        var body = new JsonObject { ["name"] = k.Name, ["public_key"] = k.PublicKey, ["fingerprint"] = k.Fingerprint };
        if (call.AtLeast(2)) body["type"] = k.Kind;
        return body;
    }

    private static string Owner(Call call, string? asked)
    {
        if (!call.AtLeast(10) || asked is null || asked == call.Actor.UserId) return call.Actor.UserId;
        return call.Actor.IsAdmin ? asked : throw Nova.Denied("os-keypairs");
    }

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        Nova.OnlyQuery(call, 75, "user_id", "limit", "marker");
        var owner = Owner(call, call.QueryOr("user_id"));
        var rows = q.Db<ComputeDb>().Keypairs.Where(k => k.UserId == owner);
        var page = call.AtLeast(35) ? call.Page() : Page.First;
        var mark = page.Marker is { } m ? await rows.SingleOrDefaultAsync(k => k.Name == m) ?? throw Nova.BadMarker(m) : null;
        var slice = await rows.Paged([new SortKey("Name")], page, mark, "Name");
        return Answer.Ok(Nova.List(call, "keypairs", slice with { More = slice.More && call.AtLeast(35) }, k => new JsonObject { ["keypair"] = Wire(k, call) }, k => k.Name));
    });

    private static async Task<KeypairRow> Find(Query q, Call call)
    {
        Nova.OnlyQuery(call, 75, "user_id");
        var (name, owner) = (call["name"], Owner(call, call.QueryOr("user_id")));
        return await q.Db<ComputeDb>().Keypairs.SingleOrDefaultAsync(k => k.UserId == owner && k.Name == name) ?? throw CloudError.NotFound($"Keypair {name} not found for user {owner}");
    }

    private Task<Answer> Show(Call call) => database.Read(async q =>
    {
        var row = await Find(q, call);
        var body = Wire(row, call);
        (body["user_id"], body["created_at"], body["deleted"], body["deleted_at"], body["updated_at"], body["id"]) = (row.UserId, Clock.Micros(row.CreatedAt), false, null, null, row.Number);
        return Answer.Ok(new JsonObject { ["keypair"] = body });
    });

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body("keypair");
        var name = KeypairName.Checked(body.Text("name", 1), call);
        var given = body.TextOr("public_key", 0, 16_384);
        var kind = call.AtLeast(2) ? body.OneOf("type", "ssh", "x509") ?? "ssh" : "ssh";
        var owner = Owner(call, call.AtLeast(10) ? body.TextOr("user_id", 1) : null);
        body.Done();
        if (given is null && call.AtLeast(92)) throw CloudError.Invalid("'public_key' is a required property: since microversion 2.92 keys are made by their owner.");
        var (publicKey, privateKey) = given is not null ? (given, null) : kind == "ssh" ? SshKey.Generate("Generated-by-Xiangyun") : X509Key.Generate(owner, clock.GetUtcNow());
        var fingerprint = kind == "ssh" ? SshKey.Fingerprint(publicKey) : X509Key.Fingerprint(publicKey);
        var row = await database.Write(call.Actor, async tx =>
        {
            await tx.Lock("quota:" + owner);
            if (await tx.Db<ComputeDb>().Keypairs.AnyAsync(k => k.UserId == owner && k.Name == name)) throw CloudError.Conflict($"Key pair '{name}' already exists.");
            await ComputeQuota.CheckKeypairs(tx, call.Actor.ProjectId ?? ComputeQuota.NoProject, owner);
            var made = new KeypairRow { UserId = owner, Name = name, PublicKey = publicKey, Fingerprint = fingerprint, Kind = kind, Number = await NumberRow.Next(tx, "keypair"), CreatedAt = tx.Now };
            tx.Db<ComputeDb>().Add(made);
            tx.Audit(call.Verb, "keypair", name, call.Actor.ProjectId, new { user = owner, fingerprint });
            return made;
        });
        var wire = Wire(row, call);
        wire["user_id"] = row.UserId;
        if (privateKey is not null) wire["private_key"] = privateKey;
        return new Answer(call.AtLeast(2) ? 201 : 200, new JsonObject { ["keypair"] = wire });
    }

    private async Task<Answer> Delete(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            var row = await Find(tx, call);
            await tx.Db<ComputeDb>().Keypairs.Where(k => k.UserId == row.UserId && k.Name == row.Name).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "keypair", row.Name, call.Actor.ProjectId, new { user = row.UserId });
        });
        return call.AtLeast(2) ? Answer.NoContent : Answer.Accepted;
    }
}
