using System.Text.Json;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Energy.Settings;

/// <summary>Reads settings from a request; what is left out stays.</summary>
internal static class SettingsBody
{
    private const int Points = 11, MostModels = 200;

    public static EnergySettings Read(Fields body, EnergySettings before)
    {
        var read = before with
        {
            Pue = Number(body, "pue", 1, 5) ?? before.Pue, PricePerKwh = Number(body, "price_per_kwh", 0, 1000) ?? before.PricePerKwh, Currency = body.TextOr("currency", 1, 8) ?? before.Currency,
            CarbonKgPerKwh = Number(body, "carbon_kg_per_kwh", 0, 10) ?? before.CarbonKgPerKwh, StandbyWatts = Number(body, "standby_watts", 0, 1000) ?? before.StandbyWatts,
            WattsPerCore = Curve(body, "watts_per_core") ?? before.WattsPerCore, Models = Models(body) ?? before.Models,
        };
        body.Done();
        return read;
    }

    private static Dictionary<string, IReadOnlyList<double>>? Models(Fields body)
    {
        if (body.ObjectOr("models") is not { } models) return null;
        var names = models.Names.ToList();
        if (names.Count > MostModels || names.Any(n => n.Length is 0 or > 200)) throw CloudError.Invalid($"Invalid input for field/attribute models: at most {MostModels} models, each named with 1 to 200 characters.");
        return names.ToDictionary(n => n, n => (IReadOnlyList<double>)(Curve(models, n) ?? throw Wrong(n)));
    }

    private static List<double>? Curve(Fields body, string name)
    {
        if (body.ItemsOr(name) is not { } items) return null;
        if (items.Count != Points || items.Any(i => i.ValueKind != JsonValueKind.Number || !i.TryGetDouble(out var w) || w is < 0 or > 100_000)) throw Wrong(name);
        var curve = items.ConvertAll(i => i.GetDouble());
        return curve.Zip(curve.Skip(1)).Any(p => p.Second < p.First) ? throw Wrong(name) : curve;
    }

    private static CloudError Wrong(string name) => CloudError.Invalid($"Invalid input for field/attribute {name}. It must be {Points} numbers of watts that never fall: at 0, 10, 20 .. 100 % use.");

    private static double? Number(Fields body, string name, double least, double most)
    {
        if (body.Raw(name) is not { } value || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most ? number
            : throw CloudError.Invalid($"Invalid input for field/attribute {name}. It must be a number between {least} and {most}.");
    }
}
