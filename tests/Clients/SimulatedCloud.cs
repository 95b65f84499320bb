namespace Xiangyun.Clients;

/// <summary>Three simulated hosts: no guest boots, so a client's whole day takes seconds.</summary>
public sealed class SimulatedCloud : Cloud
{
    protected override string Name => "clients";
    protected override string Options => "--simulate 3";
}
