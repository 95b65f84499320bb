namespace Xiangyun.Kernel;

/// <summary>One page of a list: at most <paramref name="Limit"/> rows after the row whose id is <paramref name="Marker"/>.</summary>
public sealed record Page(int Limit, string? Marker, bool Reverse = false)
{
    public const int Max = 1000;
    public static readonly Page First = new(Max, null);
}

/// <summary>The rows of a page, and whether more follow.</summary>
public sealed record Slice<T>(IReadOnlyList<T> Rows, bool More);
