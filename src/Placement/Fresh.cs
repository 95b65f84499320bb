using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Placement;

/// <summary>From 1.15 each answer that was read says that it may not be cached and how new it is.</summary>
internal static class Fresh
{
    public static void Look(this Routes r, string path, int since, Func<Call, Task<Answer>> handler) => r.Get(path, "placement:read", async call =>
    {
        Since(call, since);
        var answer = await handler(call);
        return call.AtLeast(15) ? answer.With("Cache-Control", "no-cache").With("Last-Modified", call.Http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().ToString("R")) : answer;
    });

    /// <summary>What came with a later version does not exist in an earlier one.</summary>
    public static void Since(Call call, int minor)
    {
        if (!call.AtLeast(minor)) throw CloudError.NotFound($"The resource could not be found; it needs microversion 1.{minor} or later.");
    }
}
