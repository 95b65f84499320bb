namespace Xiangyun.Identity.Policies;

/// <summary>A policy as Keystone's old API keeps it: a text that other programs may fetch; nothing here evaluates it.</summary>
internal sealed class PolicyRow
{
    public required string Id { get; init; }
    public required string Type { get; init; }
    public required string Text { get; init; }
    public string Extra { get; init; } = "{}";
}
