using System.Globalization;
using Xiangyun.Kernel;

namespace Xiangyun.Identity.Credentials;

/// <summary>expires_at of application credentials: UTC without saying so, to the microsecond as it was written.</summary>
internal static class ExpiryWire
{
    public static (long? Ms, long Micros) Read(string? text)
    {
        if (text is null) return (null, 0);
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) || !text.Contains('T', StringComparison.Ordinal))
            throw CloudError.Invalid($"Invalid input for field expires_at. Value: {text}. It must be an ISO 8601 time such as 2030-01-31T12:00:00.");
        return (at.ToUnixTimeMilliseconds(), at.Microsecond);
    }

    public static string Text(long ms, long micros) => Clock.FromMs(ms).AddMicroseconds(micros).ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture);
}
