namespace Xiangyun.Compute.Flavors;

internal sealed class FlavorRow
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public int Vcpus { get; init; }
    public int RamMib { get; init; }
    public int DiskGib { get; init; }
    public int EphemeralGib { get; init; }
    public int SwapMib { get; init; }
    public double RxtxFactor { get; init; } = 1;
    public bool IsPublic { get; init; } = true;
    public string ExtraSpecs { get; init; } = "{}";
    public string? Description { get; init; }
    public long CreatedAt { get; init; }
}

/// <summary>A flavor that is gone while servers still have it: what they show of it.</summary>
internal sealed class RetiredFlavorRow
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public int EphemeralGib { get; init; }
    public int SwapMib { get; init; }
    public string ExtraSpecs { get; init; } = "{}";
}

internal sealed class FlavorAccessRow
{
    public required string FlavorId { get; init; }
    public required string ProjectId { get; init; }
}
