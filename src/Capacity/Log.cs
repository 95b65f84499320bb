using Microsoft.Extensions.Logging;

namespace Xiangyun.Capacity;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "what of capacity Prometheus shows could not be counted; it is tried again in five minutes")]
    public static partial void NotCounted(this ILogger log, Exception e);
}
