namespace Xiangyun.Fleet.Power;

/// <summary>What switches a host, as the operator told it, and what it showed last.</summary>
internal sealed class BmcRow
{
    public const string Redfish = "redfish", Ipmi = "ipmi", Wake = "wake-on-lan";

    public required string HostId { get; init; }
    public required string Kind { get; init; }
    public required string Address { get; init; }
    public int Port { get; init; }
    public string UserName { get; init; } = "";
    public string? SealedPassword { get; init; }
    public string? Fingerprint { get; init; }
    /// <summary>PEM of the authority that signs its certificate.</summary>
    public string? Authority { get; init; }
    public string? SystemId { get; init; }
    public string? Mac { get; init; }
    public long ChangedAt { get; init; }
    public string Model { get; init; } = "";
    public double? Watts { get; init; }
    /// <summary>When it measured; 0 = it never has.</summary>
    public long WattsAt { get; init; }
}
