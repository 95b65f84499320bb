using Microsoft.Extensions.Logging;

namespace Xiangyun.Telemetry;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "what is remembered of the use of servers could not be written down; it is tried again in five minutes")]
    public static partial void NotKept(this ILogger log, Exception e);
}
