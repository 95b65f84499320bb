using System.Text.Json;

namespace Xiangyun.Replay.Ledger;

/// <summary>
/// What things cost, in one currency; `--prices FILE` replaces any of them. Only the PUE has a published source; the rest are assumptions of ours,
/// round numbers to be replaced by the buyer's own, and `Sources` says so wherever money is shown.
/// </summary>
internal sealed record Prices
{
    public string Currency { get; init; } = "CNY";
    public double Kwh { get; init; } = 0.7;
    /// <summary>What a small data centre takes from the grid for each kWh of its servers, and what a newer one does.</summary>
    public double PueOld { get; init; } = 1.8;
    public double PueCloud { get; init; } = 1.58;
    /// <summary>A year of a server: its price over its life, and maintenance.</summary>
    public double OldServerYear { get; init; } = 4_000;
    public double CloudServerYear { get; init; } = 60_000;
    public double RackYear { get; init; } = 30_000;
    public double OldServersPerRack { get; init; } = 16;
    public double CloudServersPerRack { get; init; } = 8;
    public double StaffYear { get; init; } = 150_000;
    /// <summary>People who look after one old data centre, and after the cloud.</summary>
    public double StaffPerIsland { get; init; } = 2;
    public double StaffCloud { get; init; } = 5;
    public IReadOnlyDictionary<string, string> Sources { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["pue_old"] = "Uptime Institute, survey of 2011: 1.8 on average",
        ["pue_cloud"] = "Uptime Institute, survey of 2023: 1.58 on average",
        ["everything else"] = "assumption, no published source: put your own into --prices FILE",
    };

    public static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };

    public static Prices Read(string? file)
    {
        if (file is null) return new Prices();
        try
        {
            var prices = JsonSerializer.Deserialize<Prices>(File.ReadAllText(file), Json) ?? throw new WrongUse($"{file} holds no prices");
            return prices.OldServersPerRack > 0 && prices.CloudServersPerRack > 0 ? prices : throw new WrongUse($"{file}: a rack holds at least one server");
        }
        catch (JsonException e)
        {
            throw new WrongUse($"{file} is no list of prices: {e.Message}");
        }
    }

    /// <summary>What a host costs: energy in kWh, and days of its existence.</summary>
    public Money Of(bool old, double kwh, double days) => new(
        kwh * (old ? PueOld : PueCloud) * Kwh, days / 365 * (old ? OldServerYear : CloudServerYear), days / 365 * RackYear / (old ? OldServersPerRack : CloudServersPerRack), 0);
}

internal readonly record struct Money(double Energy, double Servers, double Racks, double Staff)
{
    public double Total => Energy + Servers + Racks + Staff;

    public static Money operator +(Money a, Money b) => new(a.Energy + b.Energy, a.Servers + b.Servers, a.Racks + b.Racks, a.Staff + b.Staff);

    public static Money operator -(Money a, Money b) => new(a.Energy - b.Energy, a.Servers - b.Servers, a.Racks - b.Racks, a.Staff - b.Staff);

    public static Money operator *(Money a, double by) => new(a.Energy * by, a.Servers * by, a.Racks * by, a.Staff * by);
}
