using System.Text.Json;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Energy.Settings;

/// <summary>What turns use into watts, and watt-hours into money and carbon. The operator sets them; nothing here is measured.</summary>
internal sealed record EnergySettings
{
    private const string Name = "energy.settings";

    /// <summary>
    /// What one core draws at 0, 10 .. 100 % use: a half of SPECpower_ssj2008's result of the HP ProLiant ML110 G5 (two cores of a Xeon 3075; 93.7 W idle, 135 W full), the
    /// machine that consolidation research counts with, so that these figures can be held against a replay's. Newer machines draw less: set their own curve.
    /// </summary>
    public static readonly IReadOnlyList<double> G5PerCore = [46.85, 48.5, 50.5, 52.5, 55, 58, 60.5, 62.5, 64.5, 66.5, 67.5];

    /// <summary>Total energy of the data centre for each unit that its computers take.</summary>
    public double Pue { get; init; } = 1.5;
    public double PricePerKwh { get; init; } = 0.7;
    public string Currency { get; init; } = "CNY";
    /// <summary>Kilograms of CO2 for each kWh. 0.5366: mean of China's grid in 2023 as the Ministry of Ecology and Environment published it.</summary>
    public double CarbonKgPerKwh { get; init; } = 0.5366;
    /// <summary>What a host that is switched off still draws, where its controller does not measure.</summary>
    public double StandbyWatts { get; init; }
    public IReadOnlyList<double> WattsPerCore { get; init; } = G5PerCore;
    /// <summary>Watts of the whole machine at 0, 10 .. 100 % use, by the model that its controller names.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double>> Models { get; init; } = new Dictionary<string, IReadOnlyList<double>>();

    public PowerCurve Curve(string model, int cores) => new(model.Length > 0 && Models.TryGetValue(model, out var own) ? [.. own] : [.. WattsPerCore.Select(w => w * cores)]);

    /// <param name="use">0 to 1.</param>
    public double Watts(string model, int cores, double use) => Curve(model, cores).At(use);

    public static async Task<EnergySettings> Read(Query q) => await Store.Settings.Settings.Get(q, Name) is { } text ? JsonSerializer.Deserialize<EnergySettings>(text, Json.Options)! : new EnergySettings();

    public Task Write(Tx tx) => Store.Settings.Settings.Set(tx, Name, JsonSerializer.Serialize(this, Json.Options));
}
