using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xiangyun.Kernel;
using Xiangyun.Store.Audit;

namespace Xiangyun.Wire;

/// <summary>
/// Every attempt that came to nothing, in the audit log before its answer: a write that failed for whatever reason, a call
/// without a right, and a look at an object that is not there or not the caller's. A query string is not kept: it may hold
/// a token. Neither is what the caller sent as a value.
/// </summary>
internal sealed class Refusals(RefusalLog log, Flood flood, TimeProvider clock, ILogger<Refusals> logger)
{
    internal static readonly object Told = new();
    private const int LongestPath = 300;
    private const int LongestId = 100;

    public async Task Note(HttpContext http, Route route, Actor? actor, int status, string message, string requestId)
    {
        if (!IsKept(route, actor, status) || http.Items.ContainsKey(Told)) return;
        var remote = http.Connection.RemoteIpAddress?.ToString() ?? "";
        if (actor is null && !flood.Take(remote)) return;
        try
        {
            await log.Add(Row(http, route, actor ?? Nobody(http, remote, requestId), status, message));
        }
        catch (Exception e)
        {
            logger.NotAudited(requestId, e);
        }
    }

    public static bool IsKept(Route route, Actor? actor, int status) =>
        status >= 400 && (route.Audit is not null || status is 401 or 403 || status == 404 && actor is not null && route.Path.Contains('{', StringComparison.Ordinal));

    private AuditRow Row(HttpContext http, Route route, Actor actor, int status, string message)
    {
        var verb = route.Audit ?? route.Rule;
        var detail = new { method = http.Request.Method, path = Secrets.Short(http.Request.Path.Value, LongestPath), message = Secrets.Message(message) };
        var row = AuditRow.Of(actor, clock.Ms(), verb, verb.Split('.', ':')[0], Object(http), null, status >= 500 ? AuditRow.Failed : AuditRow.Refused, Secrets.Masked(detail));
        return row with { Status = status };
    }

    /// <summary>The last id in the path that is not the project's.</summary>
    private static string Object(HttpContext http) =>
        Secrets.Short(http.Request.RouteValues.LastOrDefault(v => v.Key is not ("project_id" or "rest")).Value as string, LongestId)?.Replace("\0", "", StringComparison.Ordinal) ?? "";

    private static Actor Nobody(HttpContext http, string remote, string requestId) =>
        new() { UserId = "", UserName = "", UserDomainId = "", RequestId = requestId, RemoteAddress = remote, UserAgent = http.Request.Headers.UserAgent.ToString() };
}
