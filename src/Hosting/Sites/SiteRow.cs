namespace Xiangyun.Hosting.Sites;

/// <summary>A system or website (系统, 网站) of a bureau. What state it is in, its members say.</summary>
internal sealed class SiteRow
{
    public required string Id { get; init; }
    public required string ProjectId { get; init; }
    public required string Name { get; set; }
    public string Description { get; set; } = "";
    /// <summary>ICP 备案号.</summary>
    public string? Registration { get; set; }
    /// <summary>A list of <see cref="Contact"/>.</summary>
    public string Contacts { get; set; } = "[]";
    public long CreatedAt { get; init; }
    public long UpdatedAt { get; set; }
    public long Generation { get; set; } = 1;
}

internal sealed record Contact(string Name, string? Duty, string? Phone, string? Email);

/// <summary>One domain name, in the form that DNS has (punycode). It leads to one site only.</summary>
internal sealed class HostNameRow
{
    public required string Name { get; init; }
    public required string SiteId { get; init; }
}

internal sealed class SiteMemberRow
{
    public required string SiteId { get; init; }
    /// <summary>server, volume, floating_ip.</summary>
    public required string Kind { get; init; }
    public required string ObjectId { get; init; }
}
