using Microsoft.Extensions.Logging;

namespace Xiangyun.Reconcile;

internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Error, "the work table could not be read or written")]
    public static partial void ClaimFailed(this ILogger log, Exception e);

    [LoggerMessage(2002, LogLevel.Warning, "{Kind} {Id}: attempt {Attempt} failed, again in {Seconds:F1} s: {Why}")]
    public static partial void TryAgain(this ILogger log, string kind, string id, int attempt, double seconds, string why);

    [LoggerMessage(2003, LogLevel.Error, "{Kind} {Id}: attempt {Attempt} met a bug, again in {Seconds:F1} s")]
    public static partial void Broke(this ILogger log, string kind, string id, int attempt, double seconds, Exception e);
}
