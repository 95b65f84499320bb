using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Trusts;

internal static class TrustWire
{
    /// <summary>As lists show it: without the roles.</summary>
    public static JsonObject Of(TrustRow t, Call call)
    {
        var body = new JsonObject
        {
            ["id"] = t.Id, ["trustor_user_id"] = t.TrustorId, ["trustee_user_id"] = t.TrusteeId, ["project_id"] = t.ProjectId, ["impersonation"] = t.Impersonation,
            ["expires_at"] = t.ExpiresAt is { } at ? Clock.MicrosZ(at) : null, ["deleted_at"] = null, ["remaining_uses"] = t.RemainingUses,
            ["redelegated_trust_id"] = t.RedelegatedFrom, ["redelegation_count"] = t.RedelegationCount, ["links"] = Keystone.Self(call, "/OS-TRUST/trusts/" + t.Id),
        };
        Keystone.AddExtras(body, t.Extra);
        return body;
    }

    public static JsonObject Whole(TrustRow t, IEnumerable<RoleRow> roles, Call call)
    {
        var body = Of(t, call);
        body["roles"] = new JsonArray([.. roles.Select(r => Role(r, call))]);
        body["roles_links"] = new JsonObject { ["self"] = call.Link($"/identity/v3/OS-TRUST/trusts/{t.Id}/roles"), ["previous"] = null, ["next"] = null };
        return body;
    }

    public static JsonObject Role(RoleRow r, Call call) => new() { ["id"] = r.Id, ["name"] = r.Name, ["domain_id"] = null, ["links"] = Keystone.Self(call, "/roles/" + r.Id) };
}
