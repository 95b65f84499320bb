using Microsoft.Extensions.Logging;

namespace Xiangyun.Wire;

internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Error, "{Method} {Path} met a bug, {RequestId}")]
    public static partial void Bug(this ILogger log, string method, string path, string requestId, Exception e);

    [LoggerMessage(3002, LogLevel.Information, "{Method} {Path} answered {Status}, {RequestId}: {Message}")]
    public static partial void Refused(this ILogger log, string method, string path, int status, string requestId, string message);

    [LoggerMessage(3003, LogLevel.Debug, "the client went away, {RequestId}")]
    public static partial void Gone(this ILogger log, string requestId);

    [LoggerMessage(3004, LogLevel.Error, "a refused attempt could not be written to the audit log, {RequestId}")]
    public static partial void NotAudited(this ILogger log, string requestId, Exception e);
}
