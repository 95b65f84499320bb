using System.Text.Json;
using Xiangyun.Store;
using Xiangyun.Store.Settings;
using Xiangyun.Wire;

namespace Xiangyun.Approvals.Plans;

/// <summary>What a unit of each quota costs, in hundredths of the currency for 30 days.</summary>
/// <param name="LargeCost">From this monthly cost on a request is of medium risk.</param>
internal sealed record Prices(string Currency, IReadOnlyDictionary<string, long> PerUnit, long LargeCost)
{
    private const string Name = "approvals.prices";

    /// <summary>Until somebody sets others: 30 CNY a vCPU, 0.02 a MiB, 0.50 a GiB, 50 an address, 20 a Mbit/s of the exit.</summary>
    public static readonly Prices Initial = new("CNY", new Dictionary<string, long> { ["compute.cores"] = 3000, ["compute.ram"] = 2, ["volume.gigabytes"] = 50, ["network.floatingip"] = 5000, ["network.exit_bandwidth"] = 2000 }, 100_000);

    public static async Task<Prices> Read(Query q) => await Settings.Get(q, Name) is { } text ? JsonSerializer.Deserialize<Prices>(text, Json.Options)! : Initial;

    public static Task Set(Tx tx, Prices prices) => Settings.Set(tx, Name, JsonSerializer.Serialize(prices, Json.Options));
}
