namespace Xiangyun.Kernel;

/// <summary>The one clock: <see cref="TimeProvider"/>, read as milliseconds since 1970-01-01T00:00Z, the form the database keeps.</summary>
public static class Clock
{
    public static long Ms(this TimeProvider clock) => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public static DateTimeOffset FromMs(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);

    /// <summary>Nova, Neutron: <c>2026-01-02T03:04:05Z</c>.</summary>
    public static string Seconds(long ms) => FromMs(ms).ToString("yyyy-MM-ddTHH:mm:ssZ");

    public static string? Seconds(long? ms) => ms is { } v ? Seconds(v) : null;

    /// <summary>Keystone: <c>2026-01-02T03:04:05.000000Z</c>.</summary>
    public static string MicrosZ(long ms) => FromMs(ms).ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ");

    /// <summary>Cinder, and some of Nova: <c>2026-01-02T03:04:05.000000</c>, UTC without saying so.</summary>
    public static string Micros(long ms) => FromMs(ms).ToString("yyyy-MM-ddTHH:mm:ss.ffffff");

    public static string? Micros(long? ms) => ms is { } v ? Micros(v) : null;
}
