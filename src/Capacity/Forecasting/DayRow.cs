namespace Xiangyun.Capacity.Forecasting;

/// <summary>One day of one resource in one zone; '' is the whole cloud.</summary>
internal sealed class DayRow
{
    /// <summary>Days since 1970, by China's clock.</summary>
    public long Day { get; init; }
    public required string Zone { get; init; }
    /// <summary>vcpus, ram_mib, disk_gib, addresses</summary>
    public required string Resource { get; init; }
    /// <summary>What is built in.</summary>
    public long Physical { get; init; }
    /// <summary>What may be handed out: less the reserve, times the overcommit ratio.</summary>
    public long Capacity { get; init; }
    public long Allocated { get; init; }
    /// <summary>Mean of the day's looks; null where nobody measures it.</summary>
    public double? Used { get; init; }
    public long Looks { get; init; }
}

/// <summary>What a bureau's servers had at the end of a day.</summary>
internal sealed class GrowthRow
{
    public long Day { get; init; }
    public required string DomainId { get; init; }
    public long Vcpus { get; init; }
    public long RamMib { get; init; }
    public long Servers { get; init; }
}
