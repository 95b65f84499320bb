namespace Xiangyun.Capacity.WhatIf;

/// <summary>How much of processors (handed out, so after overcommit), memory (MiB) and disk (GiB).</summary>
internal readonly record struct Load(double Vcpus, double RamMib, double DiskGib)
{
    public static Load operator +(Load a, Load b) => new(a.Vcpus + b.Vcpus, a.RamMib + b.RamMib, a.DiskGib + b.DiskGib);
    public static Load operator -(Load a, Load b) => new(a.Vcpus - b.Vcpus, a.RamMib - b.RamMib, a.DiskGib - b.DiskGib);

    private const double Hair = 1e-6;
    public bool Holds(Load other) => Vcpus + Hair >= other.Vcpus && RamMib + Hair >= other.RamMib && DiskGib + Hair >= other.DiskGib;
}

/// <param name="Physical">Built in.</param>
/// <param name="Reserved">Kept for the host itself.</param>
/// <param name="Ratio">Overcommit of each.</param>
/// <param name="Allocated">Handed out, to servers and to others.</param>
/// <param name="Busy">Processors in use, as the host told last.</param>
internal sealed record PoolHost(string Id, string Name, string Zone, bool Up, Load Physical, Load Reserved, Load Ratio, Load Allocated, double Busy)
{
    public Load Capacity => new(Math.Floor((Physical.Vcpus - Reserved.Vcpus) * Ratio.Vcpus), Math.Floor((Physical.RamMib - Reserved.RamMib) * Ratio.RamMib), Math.Floor((Physical.DiskGib - Reserved.DiskGib) * Ratio.DiskGib));
}

internal sealed record PoolServer(string Id, string Name, string HostId, Load Needs);

/// <summary>The estate at one moment: what hosts have, and which server lies where.</summary>
internal sealed record Pool(IReadOnlyList<PoolHost> Hosts, IReadOnlyList<PoolServer> Servers);

/// <param name="Zone">null = any.</param>
internal sealed record Addition(string Name, Load Needs, int Count, string? Zone);

internal sealed record Purchase(int Count, string Zone, Load Each);

/// <summary>What is asked about; everything at once.</summary>
/// <param name="CpuRatio">The overcommit of processors in <see cref="RatioZone"/> (null = everywhere); null = as it is.</param>
internal sealed record Change(IReadOnlyList<Addition> Add, IReadOnlySet<string> Lose, IReadOnlyList<Purchase> Buy, double? CpuRatio, double? RamRatio, string? RatioZone);
