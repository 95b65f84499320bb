using System.Text.Json;

namespace Xiangyun.Energy.Counting;

/// <summary>What was counted of the hour that is under way, by <c>kind:id</c>.</summary>
internal sealed class OpenHour
{
    /// <summary>Watt-hours, and those of them that were measured.</summary>
    public Dictionary<string, double[]> Sums { get; init; } = [];

    public void Add(string kind, string id, double wattHours, bool measured)
    {
        var key = kind + ":" + id;
        if (!Sums.TryGetValue(key, out var sum)) Sums[key] = sum = [0, 0];
        sum[0] = Math.Round(sum[0] + wattHours, 4);
        if (measured) sum[1] = Math.Round(sum[1] + wattHours, 4);
    }

    public IEnumerable<(string Kind, string Id, double WattHours, double Measured)> All => Sums.Select(s => s.Key.IndexOf(':') is var at ? (s.Key[..at], s.Key[(at + 1)..], s.Value[0], s.Value[1]) : default);

    public string Write() => JsonSerializer.Serialize(Sums);

    public static OpenHour Read(string text) => new() { Sums = JsonSerializer.Deserialize<Dictionary<string, double[]>>(text)! };
}
