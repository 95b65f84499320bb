using Microsoft.Extensions.Logging;

namespace Xiangyun.Compute;

internal static partial class Log
{
    [LoggerMessage(8001, LogLevel.Warning, "image {Image}: the disk of server {Server} could not be copied: {Why}")]
    public static partial void SnapshotFailed(this ILogger log, string image, string server, string why);

    [LoggerMessage(8002, LogLevel.Information, "console of server {Server} opened for {User}")]
    public static partial void ConsoleOpened(this ILogger log, string server, string user);

    [LoggerMessage(8003, LogLevel.Information, "console of server {Server} closed: {Why}")]
    public static partial void ConsoleClosed(this ILogger log, string server, string why);
}
