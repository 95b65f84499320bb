using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Organisations;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.SignInRules;

/// <summary>/organisations/{id}/sign-in-policy: the security administrator of a domain, or of the cloud, says what its people must prove.</summary>
internal sealed class PolicyApi(IdentityStore store) : IApi
{
    private const string Path = "/organisations/{id}/sign-in-policy";

    public Service Service => OrganisationApi.Own;

    public void Map(Routes r)
    {
        r.Get(Path, "sign_in:read", call => store.Read(async db => await Body(db, await Domain(db, call))));
        r.Put(Path, "sign_in:policy", "sign_in_policy.set", Set);
    }

    private static async Task<ProjectRow> Domain(IdentityDb db, Call call)
    {
        var id = call["id"];
        var seen = call.Actor.SystemScope || call.Actor.IsAdmin || call.Actor.DomainId == id || call.Actor.UserDomainId == id;
        return seen && await db.Projects.SingleOrDefaultAsync(p => p.Id == id && p.IsDomain) is { } row ? row : throw CloudError.NotFound($"There is no domain {id}: sign-in policies are those of domains.");
    }

    private async Task<Answer> Set(Call call)
    {
        var body = await call.Body("sign_in_policy");
        var second = body.FlagOr("second_factor") ?? throw CloudError.Invalid("Invalid input: 'sign_in_policy.second_factor' is a required property: true or false.");
        body.Done();
        return await store.Write(call.Actor, async (tx, db) =>
        {
            var domain = await Domain(db, call);
            if (!call.Actor.SystemScope && call.Actor.DomainId != domain.Id) throw CloudError.Forbidden("The sign-in policy of a domain is set by its own security administrator, or by the cloud's.");
            await db.SignInPolicies.Where(p => p.DomainId == domain.Id).ExecuteDeleteAsync();
            db.Add(new PolicyRow { DomainId = domain.Id, SecondFactor = second, UpdatedAt = tx.Now });
            await tx.Save();
            tx.Audit(call.Verb, "sign_in_policy", domain.Id, null, new { second_factor = second });
            return await Body(db, domain);
        });
    }

    /// <summary>With how many still have to enrol, for whoever may see the people of the domain.</summary>
    private static async Task<Answer> Body(IdentityDb db, ProjectRow domain)
    {
        var people = db.Users.Where(u => u.DomainId == domain.Id && u.Enabled);
        return Answer.Ok(new JsonObject
        {
            ["sign_in_policy"] = new JsonObject
            {
                ["domain_id"] = domain.Id, ["second_factor"] = await SecondFactor.Demanded(db, domain.Id),
                ["users"] = await people.CountAsync(), ["users_with_second_factor"] = await people.CountAsync(u => db.Credentials.Any(c => c.UserId == u.Id && c.Type == "totp") || db.Passkeys.Any(p => p.UserId == u.Id)),
            },
        });
    }
}
