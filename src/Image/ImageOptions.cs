namespace Xiangyun.Image;

/// <param name="Directory">Where image data lives, one file an image.</param>
public sealed record ImageOptions(string Directory);
