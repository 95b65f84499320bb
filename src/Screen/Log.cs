using Microsoft.Extensions.Logging;

namespace Xiangyun.Screen;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "the figures of the big screen could not be gathered; it shows that they age")]
    public static partial void NotGathered(this ILogger log, Exception e);
}
