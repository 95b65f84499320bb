using Microsoft.Extensions.Logging;

namespace Xiangyun.Network;

internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Warning, "the fabric could not be watched, again in {Seconds} s: {Why}")]
    public static partial void WatchBroke(this ILogger log, double seconds, string why);

    [LoggerMessage(5002, LogLevel.Error, "watching the fabric met a bug, again in {Seconds} s")]
    public static partial void WatchBug(this ILogger log, double seconds, Exception e);

    [LoggerMessage(5003, LogLevel.Warning, "{Kind} {Id} is in the fabric but not wanted; it will be removed in {Minutes} minutes")]
    public static partial void OrphanFound(this ILogger log, string kind, string id, double minutes);

    [LoggerMessage(5004, LogLevel.Warning, "removed {Kind} {Id} from the fabric: nobody wanted it")]
    public static partial void OrphanRemoved(this ILogger log, string kind, string id);
}
