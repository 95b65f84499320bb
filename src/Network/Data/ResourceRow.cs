namespace Xiangyun.Network.Data;

/// <summary>
/// What every Neutron resource has. <see cref="Generation"/> is what clients see as <c>revision_number</c>;
/// <see cref="ObservedGeneration"/> and <see cref="Fault"/> are written only by reconcilers.
/// </summary>
internal abstract class ResourceRow
{
    public required string Id { get; init; }
    public string ProjectId { get; init; } = "";
    public string Name { get; set; } = "";
    public string Description { get; set; } = "";
    public long CreatedAt { get; set; }
    public long UpdatedAt { get; set; }
    public long Generation { get; set; } = 1;
    public long ObservedGeneration { get; set; }
    public string? Fault { get; set; }
}
