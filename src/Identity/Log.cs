using Microsoft.Extensions.Logging;

namespace Xiangyun.Identity;

internal static partial class Log
{
    [LoggerMessage(3101, LogLevel.Warning, "BREAK-GLASS {Id}: {What} by {Who} for user {User}")]
    public static partial void BreakGlass(this ILogger log, string id, string what, string who, string user);
}
