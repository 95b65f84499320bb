using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Network.Rest;

/// <summary>Whose the new resource will be: the caller's project, or the one an administrator names.</summary>
internal static class Owner
{
    public static string Of(Actor actor, Fields fields)
    {
        var project = fields.TextOr("project_id");
        var tenant = fields.TextOr("tenant_id");
        if (project is not null && tenant is not null && project != tenant)
            throw CloudError.Invalid("'project_id' and 'tenant_id' differ; they are two names of the same thing.", "HTTPBadRequest");
        var wanted = project ?? tenant ?? actor.ProjectId;
        if (wanted is not { Length: > 0 }) throw CloudError.Invalid("The token has no project: name the project with project_id.", "HTTPBadRequest");
        if (!actor.MaySee(wanted))
            throw CloudError.Invalid("Specifying 'project_id' or 'tenant_id' other than the authenticated project in request requires admin privileges", "HTTPBadRequest");
        return wanted;
    }

    /// <summary>An attribute that only administrators may give.</summary>
    public static void AdminOnly(Actor actor, Fields fields, params string[] names)
    {
        if (!actor.IsAdmin && names.FirstOrDefault(fields.Has) is { } name)
            throw CloudError.Forbidden($"Only an administrator may set '{name}'.", "PolicyNotAuthorized");
    }
}
