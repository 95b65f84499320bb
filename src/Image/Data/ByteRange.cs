using System.Globalization;
using Xiangyun.Kernel;

namespace Xiangyun.Image.Data;

/// <summary>One range of a Range header (RFC 9110, 14.1.2).</summary>
internal static class ByteRange
{
    /// <returns>null when no range is asked for.</returns>
    public static (long From, long Count)? Parse(string? header, long size)
    {
        if (string.IsNullOrEmpty(header)) return null;
        if (header.Split('=') is ["bytes", var range] && range.Split('-') is [var first, var last])
        {
            if (first.Length == 0 && Number(last) is > 0 and var tail && size > 0) return (Math.Max(0, size - tail), Math.Min(tail, size));
            if (Number(first) is { } from && from < size && (last.Length == 0 || Number(last) >= from))
                return (from, Math.Min(last.Length == 0 ? size - 1 : Number(last)!.Value, size - 1) - from + 1);
        }
        throw new CloudError(ErrorKind.Invalid, $"Range '{header}' cannot be satisfied: the image has {size} bytes, and one range such as bytes=0-99 can be asked for.") { Status = 416 };
    }

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
