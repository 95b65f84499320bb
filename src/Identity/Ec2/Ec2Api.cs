using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Credentials;
using Xiangyun.Identity.Tokens;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Ec2;

/// <summary>A user's EC2 key pairs, each for one project. They are stored credentials of type ec2, seen another way.</summary>
internal sealed class Ec2Api(IdentityStore store, Vault vault, TokenReader tokens) : IApi
{
    public Service Service => Keystone.Service;

    public void Map(Routes r)
    {
        r.Get("/users/{user_id}/credentials/OS-EC2", "token", List);
        r.Post("/users/{user_id}/credentials/OS-EC2", "token", "credential.create", Create);
        r.Get("/users/{user_id}/credentials/OS-EC2/{id}", "token", Show);
        r.Delete("/users/{user_id}/credentials/OS-EC2/{id}", "token", "credential.delete", Delete);
    }

    private JsonObject Wire(CredentialRow c, Call call)
    {
        var pair = Pair.Read(vault.Open(c));
        return new JsonObject
        {
            ["access"] = pair.Access, ["secret"] = pair.Secret, ["user_id"] = c.UserId, ["tenant_id"] = c.ProjectId, ["trust_id"] = null,
            ["links"] = Keystone.Self(call, $"/users/{c.UserId}/credentials/OS-EC2/{pair.Access}"),
        };
    }

    /// <summary>The pairs outlive tokens, so they are shown and made only to the user itself.</summary>
    private async Task MustBeOwn(Call call)
    {
        ApplicationCredentialApi.MustBeOwn(call);
        await tokens.MustNotBeDelegated(call, "use EC2 credentials");
    }

    private async Task<Answer> List(Call call)
    {
        await MustBeOwn(call);
        var userId = call["user_id"];
        return await store.Read(async db => Pages.Whole(call, "credentials",
            [.. (await db.Credentials.Where(c => c.UserId == userId && c.Type == "ec2").OrderBy(c => c.Id).ToListAsync()).Select(c => Wire(c, call))]));
    }

    private static async Task<CredentialRow> Find(IdentityDb db, Call call)
    {
        var (id, userId) = (Vault.Ec2Id(call["id"]), call["user_id"]);
        return await db.Credentials.SingleOrDefaultAsync(c => c.Id == id && c.UserId == userId && c.Type == "ec2") ?? throw Keystone.Missing("credential", call["id"]);
    }

    private async Task<Answer> Show(Call call)
    {
        await MustBeOwn(call);
        return await store.Read(async db => Answer.Ok(new JsonObject { ["credential"] = Wire(await Find(db, call), call) }));
    }

    private async Task<Answer> Create(Call call)
    {
        await MustBeOwn(call);
        var body = await call.Body();
        var projectId = body.Text("tenant_id");
        var pair = new Pair(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        var made = await store.Write(call.Actor, async (tx, db) =>
        {
            var user = await IdentityStore.User(db, call["user_id"]);
            await IdentityStore.Project(db, projectId);
            if ((await Roles.Effective.Roles(db, user.Id, "project", projectId)).Count == 0) throw CloudError.Forbidden("The user holds no role in that project.");
            var row = new CredentialRow { Id = Vault.Ec2Id(pair.Access), UserId = user.Id, ProjectId = projectId, Type = "ec2", SealedBlob = vault.Seal(pair.Text()) };
            db.Add(row);
            tx.Audit(call.Verb, "credential", row.Id, projectId, new { row.Type, row.UserId });
            return row;
        });
        return Answer.Created(new JsonObject { ["credential"] = Wire(made, call) });
    }

    private async Task<Answer> Delete(Call call)
    {
        await MustBeOwn(call);
        await store.Write(call.Actor, async (tx, db) =>
        {
            var row = await Find(db, call);
            await db.Credentials.Where(c => c.Id == row.Id).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "credential", row.Id, row.ProjectId, new { row.Type, row.UserId });
        });
        return Answer.NoContent;
    }

    /// <summary>The blob of an ec2 credential.</summary>
    internal sealed record Pair(string Access, string Secret)
    {
        public static Pair Read(string blob)
        {
            var json = JsonNode.Parse(blob)!;
            return new Pair((string?)json["access"] ?? "", json["secret"] is JsonValue v && v.TryGetValue<string>(out var secret) ? secret : "");
        }

        public string Text() => JsonSerializer.Serialize(new Dictionary<string, string?> { ["access"] = Access, ["secret"] = Secret, ["trust_id"] = null });
    }
}
