using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Volume;

internal static class VolumeService
{
    public static readonly Service Service = new()
    {
        Types = ["block-storage", "volumev3"],
        Name = "cinder",
        Root = "/volume",
        CatalogPath = "/v3/%(project_id)s",
        Prefixes = ["/v3/{project_id}", "/v3"],
        Errors = ErrorStyle.Cinder,
        Versions = new Microversions("volume", new Microversion(3, 0), new Microversion(3, 70)),
    };

    /// <summary>The project that the request works in: the token's, which the path must not contradict.</summary>
    public static string Project(this Call call)
    {
        Check(call);
        return call.Actor.ProjectId ?? throw CloudError.Invalid("Volumes belong to a project: use a token with a project scope.");
    }

    /// <summary>Refuses a path that names another project than the token, as Cinder does.</summary>
    public static void Check(Call call)
    {
        if (call.Http.Request.RouteValues["project_id"] is string named && call.Actor.ProjectId is { } own && named != own && !call.Actor.IsAdmin)
            throw CloudError.Invalid($"Malformed request url: its project_id '{named}' is not the one of the token ('{own}').");
    }

    /// <summary>What a newer microversion brought is not there for an older one.</summary>
    public static Func<Call, Task<Answer>> Since(int minor, Func<Call, Task<Answer>> handler) => call => call.AtLeast(minor) ? handler(call)
        : throw CloudError.NotFound($"The resource could not be found: it is there from microversion 3.{minor} on, and the request speaks {call.Version}.");

    public static void NeedsAdmin(this Call call, string what)
    {
        if (!call.Actor.IsAdmin) throw CloudError.Forbidden($"Policy doesn't allow {what} to be performed: it needs the role admin.");
    }
}
