namespace Xiangyun.Identity.Views;

/// <summary>A list as somebody likes to see it, under a name.</summary>
internal sealed class ViewRow
{
    public required string Id { get; init; }
    public required string UserId { get; init; }
    /// <summary>Which list: a word that the console chooses, such as <c>servers</c>.</summary>
    public required string Page { get; init; }
    public required string Name { get; set; }
    /// <summary>The query part of the list's address, without the question mark.</summary>
    public required string Query { get; set; }
    public long CreatedAt { get; init; }
    public long UpdatedAt { get; set; }
}
