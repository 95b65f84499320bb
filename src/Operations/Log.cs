using Microsoft.Extensions.Logging;

namespace Xiangyun.Operations;

internal static partial class Log
{
    [LoggerMessage(8101, LogLevel.Warning, "{Source} could not tell what is wrong now; its alarms stay as they are")]
    public static partial void SourceSilent(this ILogger log, string source, Exception e);

    [LoggerMessage(8102, LogLevel.Error, "the webhook did not take the news of alarm {Alarm} for a day; it is given up")]
    public static partial void DeliveryGivenUp(this ILogger log, string alarm);
}
