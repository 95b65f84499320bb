namespace Xiangyun.Client.Records;

/// <summary>What every host draws now; what is not measured is estimated by its power curve.</summary>
public sealed record EnergyNow(long AsOf, double Watts, double MeasuredWatts, int UnknownHosts, List<HostEnergy> Hosts)
{
    public double WattsOf(string zone) => Hosts.Where(h => h.Zone == zone).Sum(h => h.Watts ?? 0);
}

/// <param name="Power">"on", "off (by the cloud)", "booting" ... as the API words it.</param>
/// <param name="Watts">null = nothing is known.</param>
public sealed record HostEnergy(string Id, string Name, string Zone, bool Simulated, bool Alive, string Power, string PowerWanted, string? PowerWhy, int RunningServers, double? CpuPercent, double? Watts, bool Measured, string? Model, double KwhToday);

/// <param name="CountedTo">Milliseconds: everything until then is counted; null = nothing ever was.</param>
/// <param name="CountedSeconds">Of the time asked for; what nobody saw is not counted.</param>
public sealed record EnergyOf(long From, long To, string By, double Pue, double PricePerKwh, string Currency, double CarbonKgPerKwh, long? CountedTo, double CountedSeconds, List<EnergySeries> Series);

/// <param name="Id">null = what no bureau used.</param>
/// <param name="Points">[milliseconds, kWh, load in per cent or null, and of the cloud the hours that were counted]</param>
public sealed record EnergySeries(string? Id, string? Name, double Kwh, double MeasuredPercent, double Cost, double CarbonKg, List<List<double?>>? Points);

public sealed record EnergyTerms(double Pue, double PricePerKwh, string Currency, double CarbonKgPerKwh, double StandbyWatts, List<double> WattsPerCore, Dictionary<string, List<double>> Models);

public sealed record HostPower(string Wanted, string Seen, string State, string? Reason, long WantedAt, long SeenAt, string? Fault, bool Simulated, string? RefusedOff);

public sealed record HostBmc(string Kind, string Address, int Port, string? User, bool PasswordSet, string? Fingerprint, string? Authority, string? System, string? Mac, string? Model, double? Watts, long WattsAt);

public sealed record BmcTest(bool Ok, string Power, double? Watts, string? Model, string? Error);
