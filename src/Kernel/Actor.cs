namespace Xiangyun.Kernel;

/// <summary>Who calls: the user, the scope of the token and the roles held in that scope.</summary>
public sealed record Actor
{
    public required string UserId { get; init; }
    public required string UserName { get; init; }
    public required string UserDomainId { get; init; }
    public string? ProjectId { get; init; }
    public string? ProjectName { get; init; }
    public string? ProjectDomainId { get; init; }
    /// <summary>Set when the token is scoped to a domain.</summary>
    public string? DomainId { get; init; }
    public bool SystemScope { get; init; }
    /// <summary>Names of the roles held in the scope, implied ones included.</summary>
    public IReadOnlySet<string> Roles { get; init; } = new HashSet<string>();
    /// <summary>Rules that a bureau's own roles let pass beside those of <see cref="Roles"/>: never more than its manager might in the same scope.</summary>
    public IReadOnlySet<string>? Rules { get; init; }
    /// <summary>Audit id of the token, never the token.</summary>
    public string? TokenAuditId { get; init; }
    /// <summary>Who really signed in, when a trust lets it act as <see cref="UserId"/>: the audit log names both.</summary>
    public string? SignedInUserId { get; init; }
    /// <summary>Set when the token comes from an application credential with access rules: nothing else may be asked with it.</summary>
    public IReadOnlyList<AccessRule>? Only { get; init; }
    public string RequestId { get; init; } = "";
    public string RemoteAddress { get; init; } = "";
    /// <summary>What the client calls itself: header User-Agent.</summary>
    public string UserAgent { get; init; } = "";

    /// <summary>Cloud administrator: sees the resources of every project.</summary>
    public bool IsAdmin => Roles.Contains("admin");

    public bool MaySee(string projectId) => IsAdmin || ProjectId == projectId;

    /// <summary>The cloud itself, for what reconcilers and first start write.</summary>
    public static readonly Actor System = new()
    {
        UserId = "system", UserName = "system", UserDomainId = "default", SystemScope = true,
        Roles = new HashSet<string> { "admin", "member", "reader", "service" }, RequestId = "req-system",
    };
}
