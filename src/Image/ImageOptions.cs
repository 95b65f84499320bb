namespace Xiangyun.Image;

/// <param name="Directory">Where image data lives, one file an image.</param>
public sealed record ImageOptions(string Directory)
{
    public ImportOptions Import { get; init; } = new();
}

/// <summary>What the server may fetch from the web when a user asks it to.</summary>
public sealed record ImportOptions
{
    /// <summary>Also from addresses that are not of the public Internet; then users reach what this server reaches.</summary>
    public bool PrivateAddresses { get; init; }
    public IReadOnlyList<int> Ports { get; init; } = [80, 443];
}
