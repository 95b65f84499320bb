using System.Text.Json.Nodes;
using Xiangyun.Identity.Users;
using Xiangyun.Kernel;

namespace Xiangyun.Identity.Tokens;

internal sealed class TokenWire(PasswordRules rules)
{
    public JsonObject Of(Session s, JsonArray? catalog)
    {
        var user = Named(s.User.Id, s.User.Name, s.UserDomain);
        user["password_expires_at"] = rules.ExpiresAt(s.User) is { } end ? Clock.Micros(end) : null;
        var token = new JsonObject
        {
            ["methods"] = new JsonArray([.. s.Ticket.Methods.Select(m => JsonValue.Create(m))]), ["user"] = user,
            ["audit_ids"] = new JsonArray([.. s.Ticket.AuditIds.Select(a => JsonValue.Create(a))]),
            ["expires_at"] = Clock.MicrosZ(s.Ticket.ExpiresAt), ["issued_at"] = Clock.MicrosZ(s.Ticket.IssuedAt),
        };
        if (s.Ticket.Scope == "none") return new JsonObject { ["token"] = token };
        if (s.Project is not null)
        {
            token["project"] = Named(s.Project.Id, s.Project.Name, s.Domain!);
            token["is_domain"] = false;
        }
        else if (s.Domain is not null) token["domain"] = new JsonObject { ["id"] = s.Domain.Id, ["name"] = s.Domain.Name };
        else token["system"] = new JsonObject { ["all"] = true };
        token["roles"] = new JsonArray([.. s.Roles.Select(r => new JsonObject { ["id"] = r.Id, ["name"] = r.Name })]);
        if (catalog is not null) token["catalog"] = catalog;
        if (s.Ticket.ApplicationCredentialId is { } id) token["application_credential"] = new JsonObject { ["id"] = id, ["restricted"] = s.Restricted };
        if (s.AccessRules is { } limits) token["application_credential"]!["access_rules"] = new JsonArray([.. limits.Select(Credentials.AccessRuleApi.Wire)]);
        if (s.Trust is { } trust)
            token["OS-TRUST:trust"] = new JsonObject
            {
                ["id"] = trust.Id, ["impersonation"] = trust.Impersonation, ["trustor_user"] = new JsonObject { ["id"] = trust.TrustorId }, ["trustee_user"] = new JsonObject { ["id"] = trust.TrusteeId },
            };
        return new JsonObject { ["token"] = token };
    }

    private static JsonObject Named(string id, string name, ProjectRow domain) => new()
    {
        ["id"] = id, ["name"] = name, ["domain"] = new JsonObject { ["id"] = domain.Id, ["name"] = domain.Name },
    };
}
