using Microsoft.Extensions.Logging;

namespace Xiangyun.Volume;

internal static partial class Log
{
    [LoggerMessage(5401, LogLevel.Warning, "volume {Volume}: {Fault}")]
    public static partial void Faulty(this ILogger log, string volume, string fault);

    [LoggerMessage(5402, LogLevel.Information, "volume {Volume}: its copy into image {Image} has started")]
    public static partial void UploadStarted(this ILogger log, string volume, string image);

    [LoggerMessage(5403, LogLevel.Warning, "volume {Volume}: its copy into image {Image} is given up: {Why}")]
    public static partial void UploadGivenUp(this ILogger log, string volume, string image, string why);
}
