using Microsoft.Extensions.Logging;

namespace Xiangyun.Agent;

internal static partial class Log
{
    [LoggerMessage(9001, LogLevel.Information, "agent of {Hosts} host(s) listens on {Listen}")]
    public static partial void Listens(this ILogger log, int hosts, string listen);

    [LoggerMessage(9002, LogLevel.Information, "{Host}: plan {Generation} stored, {Changed} thing(s) changed")]
    public static partial void PlanStored(this ILogger log, string host, long generation, int changed);

    [LoggerMessage(9003, LogLevel.Warning, "{Host}: plan {Generation} refused: {Why}")]
    public static partial void PlanRefused(this ILogger log, string host, long generation, string why);

    [LoggerMessage(9004, LogLevel.Warning, "{Host}: {Key} met a fault (attempt {Attempt}): {Message}")]
    public static partial void Fault(this ILogger log, string host, string key, int attempt, string message);

    [LoggerMessage(9005, LogLevel.Error, "{Host}: {Key} met a bug")]
    public static partial void Bug(this ILogger log, string host, string key, Exception e);

    [LoggerMessage(9006, LogLevel.Warning, "{Host}: the engines do not answer yet: {Message}")]
    public static partial void EnginesAway(this ILogger log, string host, string message);

    [LoggerMessage(9007, LogLevel.Warning, "{Host}: {Orphan} is in no plan since {Grace}: removed")]
    public static partial void OrphanRemoved(this ILogger log, string host, string orphan, TimeSpan grace);

    [LoggerMessage(9008, LogLevel.Information, "{Host}: image {Image} stored")]
    public static partial void ImageStored(this ILogger log, string host, string image);

    [LoggerMessage(9009, LogLevel.Warning, "{Host}: image {Image} refused: {Why}")]
    public static partial void ImageRefused(this ILogger log, string host, string image, string why);

    [LoggerMessage(9010, LogLevel.Information, "{Host}: server {Server} stopped by itself ({Cause})")]
    public static partial void StoppedItself(this ILogger log, string host, string server, string cause);

    [LoggerMessage(9011, LogLevel.Warning, "{Host}: sweep failed: {Message}")]
    public static partial void SweepFailed(this ILogger log, string host, string message);

    [LoggerMessage(9012, LogLevel.Debug, "{Host}: console of {Server} closed: {Message}")]
    public static partial void ConsoleClosed(this ILogger log, string host, string server, string message);

    [LoggerMessage(9013, LogLevel.Warning, "{Host}: server {Server} could not leave and stays: {Message}")]
    public static partial void Stays(this ILogger log, string host, string server, string message);
}
