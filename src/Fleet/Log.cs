using Microsoft.Extensions.Logging;

namespace Xiangyun.Fleet;

internal static partial class Log
{
    [LoggerMessage(4001, LogLevel.Warning, "the stream from {Host} broke: {Why}")]
    public static partial void WatchBroke(this ILogger log, string host, string why);

    [LoggerMessage(4002, LogLevel.Warning, "image {Image} could not be sent to {Host}: {Why}")]
    public static partial void PushFailed(this ILogger log, string image, string host, string why);

    [LoggerMessage(4003, LogLevel.Warning, "{Host} misses the image {Image}, which has no data here")]
    public static partial void NoImage(this ILogger log, string image, string host);

    [LoggerMessage(4005, LogLevel.Warning, "the plan of {Host} waits until its agent answers: {Why}")]
    public static partial void PlanWaits(this ILogger log, string host, string why);

    [LoggerMessage(4006, LogLevel.Information, "{Host} {News}")]
    public static partial void Presence(this ILogger log, string host, string news);

    [LoggerMessage(4007, LogLevel.Information, "{Host} has its power {Power} ({Why})")]
    public static partial void Power(this ILogger log, string host, string power, string why);

    [LoggerMessage(4004, LogLevel.Warning, "{Host} has objects that no plan wants: {Which}")]
    public static partial void Orphans(this ILogger log, string host, string which);
}
