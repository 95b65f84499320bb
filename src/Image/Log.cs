using Microsoft.Extensions.Logging;

namespace Xiangyun.Image;

internal static partial class Log
{
    [LoggerMessage(4401, LogLevel.Information, "image {Image}: {Size} bytes stored, sha512 {Sha512}")]
    public static partial void Stored(this ILogger log, string image, long size, string sha512);

    [LoggerMessage(4402, LogLevel.Warning, "image {Image}: upload broke off after {Size} bytes, it is queued again: {Why}")]
    public static partial void BrokeOff(this ILogger log, string image, long size, string why);

    [LoggerMessage(4403, LogLevel.Information, "removed {File}: no image needs it")]
    public static partial void Removed(this ILogger log, string file);

    [LoggerMessage(4404, LogLevel.Warning, "image {Image}: the upload could not be marked as running")]
    public static partial void NoHeartbeat(this ILogger log, string image, Exception e);

    [LoggerMessage(4405, LogLevel.Warning, "image {Image}: import {Task} did not end, it is tried again")]
    public static partial void ImportAgain(this ILogger log, string image, string task, Exception e);
}
