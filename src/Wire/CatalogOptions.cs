namespace Xiangyun.Wire;

/// <param name="PublicUrl">What the catalogue's URLs start with: <c>https://cloud.example:5000</c>.</param>
public sealed record CatalogOptions(string PublicUrl, string Region);
