using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Quotas;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Keypairs;

internal sealed class KeypairApi(Database database) : IApi
{
    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        r.Get("/os-keypairs", "compute:keypairs", List);
        r.Post("/os-keypairs", "compute:keypairs", "keypair.create", Create);
        r.Get("/os-keypairs/{name}", "compute:keypairs", Show);
        r.Delete("/os-keypairs/{name}", "compute:keypairs", "keypair.delete", Delete);
    }

    private static JsonObject Wire(KeypairRow k) => new() { ["name"] = k.Name, ["public_key"] = k.PublicKey, ["fingerprint"] = k.Fingerprint };

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var rows = q.Db<ComputeDb>().Keypairs.Where(k => k.UserId == call.Actor.UserId);
        var slice = await rows.Paged([new SortKey("Name")], Page.First, null, "Name");
        return Answer.Ok(new JsonObject { ["keypairs"] = new JsonArray([.. slice.Rows.Select(k => new JsonObject { ["keypair"] = Wire(k) })]) });
    });

    private static async Task<KeypairRow> Find(Query q, Call call)
    {
        var name = call["name"];
        return await q.Db<ComputeDb>().Keypairs.SingleOrDefaultAsync(k => k.UserId == call.Actor.UserId && k.Name == name) ?? throw CloudError.NotFound($"Keypair {name} not found for user {call.Actor.UserId}");
    }

    private Task<Answer> Show(Call call) => database.Read(async q =>
    {
        var row = await Find(q, call);
        var body = Wire(row);
        (body["user_id"], body["created_at"], body["deleted"], body["deleted_at"], body["updated_at"], body["id"]) = (row.UserId, Clock.Micros(row.CreatedAt), false, null, null, 1);
        return Answer.Ok(new JsonObject { ["keypair"] = body });
    });

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body("keypair");
        var name = body.Text("name", 1);
        if (name.Trim() != name || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '_' or '.' or '@')) throw CloudError.Invalid($"Keypair data is invalid: Keypair name contains unsafe characters: {name}");
        var given = body.TextOr("public_key", 1, 16_384);
        body.Done();
        var (publicKey, privateKey) = given is null ? SshKey.Generate("Generated-by-Xiangyun") : (given, null);
        var row = new KeypairRow { UserId = call.Actor.UserId, Name = name, PublicKey = publicKey, Fingerprint = SshKey.Fingerprint(publicKey) };
        await database.Write(call.Actor, async tx =>
        {
            await tx.Lock("quota:" + call.Actor.UserId);
            if (await tx.Db<ComputeDb>().Keypairs.AnyAsync(k => k.UserId == row.UserId && k.Name == name)) throw CloudError.Conflict($"Key pair '{name}' already exists.");
            await ComputeQuota.CheckKeypairs(tx, call.Actor);
            tx.Db<ComputeDb>().Add(new KeypairRow { UserId = row.UserId, Name = name, PublicKey = publicKey, Fingerprint = row.Fingerprint, CreatedAt = tx.Now });
            tx.Audit(call.Verb, "keypair", name, call.Actor.ProjectId, new { row.Fingerprint });
        });
        var wire = Wire(row);
        wire["user_id"] = row.UserId;
        if (privateKey is not null) wire["private_key"] = privateKey;
        return Answer.Ok(new JsonObject { ["keypair"] = wire });
    }

    private async Task<Answer> Delete(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            var row = await Find(tx, call);
            await tx.Db<ComputeDb>().Keypairs.Where(k => k.UserId == row.UserId && k.Name == row.Name).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "keypair", row.Name, call.Actor.ProjectId);
        });
        return Answer.Accepted;
    }
}
