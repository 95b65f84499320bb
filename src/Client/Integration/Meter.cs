using System.Globalization;
using Xiangyun.Client.Records;

namespace Xiangyun.Client.Integration;

/// <summary>
/// Reads the energy counter of the cloud: it counts once a minute, and says how much time it has counted, so two readings and the time between them belong
/// together. The first reading stands in the metadata of the cloud's aggregate.
/// </summary>
internal static class Meter
{
    public static Task<EnergyNow> Now(Api api, CancellationToken ct) => api.Get<EnergyNow>("xiangyun", "/energy/now", "now", ct);

    public static string Text(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);

    private static Task<EnergyOf> Since(Api api, long from, CancellationToken ct) => api.Get<EnergyOf>("xiangyun", $"/energy?by=cloud&points=none&from={from.ToString(CultureInfo.InvariantCulture)}", "energy", ct);

    /// <returns>What to note at the first step; null: nothing was ever counted.</returns>
    public static async Task<Dictionary<string, string?>?> Start(Api api, CancellationToken ct)
    {
        var now = await Now(api, ct);
        if ((await Since(api, now.AsOf, ct)).CountedTo is not { } at) return null;
        var counted = await Since(api, at, ct); // of the hour under way
        return new() { [Island.WattsKey] = Text(now.Watts), [Island.CountedKey] = DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("O", CultureInfo.InvariantCulture), [Island.ReadingKey] = Text(counted.Series.Sum(s => s.Kwh)), [Island.SecondsKey] = Text(counted.CountedSeconds) };
    }

    public static async Task<Savings> Read(Api api, Island cloud, CancellationToken ct)
    {
        var (now, from) = (await Now(api, ct), cloud.Time(Island.CountedKey));
        return new Savings(now, await Since(api, from?.ToUnixTimeMilliseconds() ?? now.AsOf, ct), from, cloud.WattsBefore, cloud.Number(Island.ReadingKey) ?? 0, cloud.Number(Island.SecondsKey) ?? 0);
    }
}
