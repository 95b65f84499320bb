using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Wire;

namespace Xiangyun.Network.Rest;

/// <summary><c>If-Match: revision_number=7</c>: change only what the caller has seen.</summary>
internal static class IfMatch
{
    public static void Check(Call call, ResourceRow row)
    {
        if (call.Http.Request.Headers.IfMatch.FirstOrDefault() is not { Length: > 0 } header) return;
        var wanted = header.Trim('"').Split('=') is ["revision_number", var text] && long.TryParse(text, out var number) ? number
            : throw CloudError.Invalid($"The header If-Match must be 'revision_number=NUMBER', not '{header}'.", "HTTPBadRequest");
        if (row.Generation != wanted)
            throw new CloudError(ErrorKind.Conflict, $"Constrained to {wanted}, but current revision is {row.Generation}") { Status = 412, Type = "RevisionNumberConstraintFailed" };
    }
}
