using System.Text.Json;
using Xiangyun.Identity.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;
using Xiangyun.Wire;

namespace Xiangyun.Capacity;

/// <summary>Who sees what: a project its own, a bureau what lies below it, the cloud's operators all. And in whose name things happen later.</summary>
internal sealed class Sight(QuotaTree tree, IPower power, IStandpoints standpoints)
{
    /// <returns>null = all.</returns>
    public async Task<IReadOnlyList<string>?> Projects(Query q, Actor actor)
    {
        if (actor.IsAdmin || actor.SystemScope) return null;
        if (actor.DomainId is { } domain) return [.. (await tree.Read(q, "")).Below(domain)];
        return actor.ProjectId is { } project ? [project] : [];
    }

    /// <summary>The owner answers for its own things, and a manager of a node above for those below; whoever runs the cloud answers for nobody.</summary>
    public async Task MustAnswerFor(Query q, Actor actor, string projectId)
    {
        if (actor is not { SignedInUserId: null, Only: null }) throw CloudError.Forbidden("This is answered with your own sign-in, not with a trust or a limited application credential.");
        if (actor.ProjectId == projectId && actor.Roles.Contains("member")) return;
        if (actor is { IsAdmin: false, SystemScope: false } && await power.Manages(q, actor, projectId)) return;
        throw CloudError.Forbidden("Only the project itself, or a manager of an organisation above it, decides about this.");
    }

    public static string Written(Actor actor) => JsonSerializer.Serialize(Standpoint.Of(actor), Json.Options);

    /// <summary>
    /// Who said so, in the project where it happens: with the roles held there now and then, or with those of a manager where it is one of a node above.
    /// </summary>
    /// <returns>null when that person no longer may.</returns>
    public async Task<Actor?> Acting(Query q, string standpoint, string projectId, string requestId)
    {
        var stood = JsonSerializer.Deserialize<Standpoint>(standpoint, Json.Options)!;
        if (await standpoints.Now(q, stood) is not { } now) return null;
        if (now.ProjectId == projectId) return now.Roles.Contains("member") ? now with { RequestId = requestId } : null;
        return await power.Manages(q, now, projectId)
            ? now with { ProjectId = projectId, DomainId = null, SystemScope = false, Roles = new HashSet<string> { "manager", "member", "reader" }, Rules = null, RequestId = requestId } : null;
    }
}
