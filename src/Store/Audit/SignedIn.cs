using System.Text.Json.Nodes;
using Xiangyun.Kernel;

namespace Xiangyun.Store.Audit;

/// <summary>With a trust one user acts as another. The log's user is the one whose rights were used; its detail says who really signed in.</summary>
internal static class SignedIn
{
    public static string? Told(Actor actor, string? detail)
    {
        if (actor.SignedInUserId is not { } userId) return detail;
        var all = detail is null ? [] : JsonNode.Parse(detail)!.AsObject();
        all["signed_in_user"] = userId;
        return all.ToJsonString();
    }
}
