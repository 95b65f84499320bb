namespace Xiangyun.Client;

/// <summary>What a token stands for: a project, a domain (bureau) or the whole cloud.</summary>
public sealed record Scope(string Kind, string Id, string Name, string? DomainName = null)
{
    public static readonly Scope System = new("system", "all", "system");

    /// <summary>As it stands in a token request.</summary>
    internal object Wire => Kind switch
    {
        "project" => new { project = new { id = Id } },
        "domain" => new { domain = new { id = Id } },
        _ => new { system = new { all = true } },
    };

    /// <summary>One word for forms and addresses: <c>project:ID</c>.</summary>
    public override string ToString() => $"{Kind}:{Id}";

    public static Scope? Parse(string? text) => text?.Split(':', 2) is [("project" or "domain" or "system") and var kind, { Length: > 0 } id] ? new Scope(kind, id, id) : null;
}

/// <summary>A signed-in user in one scope, with the roles held there (implied ones included) and where the services live.</summary>
public sealed record Session(string Token, string UserId, string UserName, string UserDomain, DateTimeOffset ExpiresAt, Scope? Scope, IReadOnlySet<string> Roles, IReadOnlyDictionary<string, string> Services)
{
    public bool Has(string role) => Roles.Contains(role);
    public bool IsAdmin => Has("admin");
    public bool InProject => Scope?.Kind == "project";
    public bool InDomain => Scope?.Kind == "domain";
    public bool InSystem => Scope?.Kind == "system";

    /// <summary>A token without a scope has no catalogue, and its owner still has an account here.</summary>
    private static string? OfEverybody(string type) => type switch { "identity" => "/identity/v3", "xiangyun" => "/xiangyun/v1", _ => null };

    /// <summary>Some services are offered to projects only. Path of a service below the server's address.</summary>
    public string Path(string type) => Services.TryGetValue(type, out var path) ? path : OfEverybody(type) ?? throw new Refusal(System.Net.HttpStatusCode.Forbidden, $"The service {type} is not offered where you stand: choose a project first.", null);
}
