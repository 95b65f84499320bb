using Microsoft.Extensions.Logging;

namespace Xiangyun.Audit;

internal static partial class Log
{
    [LoggerMessage(7001, LogLevel.Error, "the audit log could not be chained, signed or pruned; it is tried again")]
    public static partial void ChainFailed(this ILogger log, Exception e);

    [LoggerMessage(7002, LogLevel.Warning, "this server cannot sign the audit log: {File} is not the secret of this database; copy it from the server that made it")]
    public static partial void CannotSign(this ILogger log, string file);

    [LoggerMessage(7003, LogLevel.Information, "the audit log is signed with key {Number} ({Id}) from now on")]
    public static partial void NewKey(this ILogger log, long number, string id);

    [LoggerMessage(7004, LogLevel.Information, "{Count} audit records up to {Seq} were removed: older than {Days} days")]
    public static partial void Pruned(this ILogger log, long count, long seq, long days);

    [LoggerMessage(7005, LogLevel.Warning, "the audit log is not whole: it runs at the level {Level}, which is for measuring only")]
    public static partial void NotWhole(this ILogger log, string level);
}
