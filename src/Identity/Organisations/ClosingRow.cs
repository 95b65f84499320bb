namespace Xiangyun.Identity.Organisations;

/// <summary>An organisation that ends: it and everything below it is switched off, and what it owns is being deleted.</summary>
internal sealed class ClosingRow
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public long StartedAt { get; init; }
    /// <summary>JSON list: what could not be deleted in the last pass, and why.</summary>
    public string Blocked { get; init; } = "[]";
}
