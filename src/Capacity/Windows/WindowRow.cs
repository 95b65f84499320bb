namespace Xiangyun.Capacity.Windows;

internal sealed class WindowRow
{
    public required string NodeId { get; init; }
    /// <summary>Numbers of days, apart by commas; 0 = Sunday.</summary>
    public required string Days { get; init; }
    public long Starts { get; init; }
    public long Minutes { get; init; }
    public long UpdatedAt { get; init; }

    public Window Window() => new(Days.Split(',').Select(int.Parse).ToHashSet(), (int)Starts, (int)Minutes);
}
