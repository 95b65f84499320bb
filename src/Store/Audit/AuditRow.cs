using Xiangyun.Kernel;

namespace Xiangyun.Store.Audit;

/// <summary>One thing that somebody did or tried: who, in which scope, from where, what, on what, and how it ended.</summary>
public sealed record AuditRow
{
    public const string Done = "success";
    /// <summary>The caller may not, or asked for something that cannot be.</summary>
    public const string Refused = "refused";
    /// <summary>The cloud could not.</summary>
    public const string Failed = "failed";

    public required string Id { get; init; }
    public long At { get; init; }
    public required string UserId { get; init; }
    public required string UserName { get; init; }
    public string? UserDomainId { get; init; }
    public string? ProjectId { get; init; }
    /// <summary>The organisation in whose name it was done: the scope's domain, else the user's.</summary>
    public string? DomainId { get; init; }
    /// <summary>project, domain, system or none.</summary>
    public string? Scope { get; init; }
    /// <summary>Names of the roles held, sorted, with commas between.</summary>
    public string? Roles { get; init; }
    public required string RequestId { get; init; }
    public required string Remote { get; init; }
    /// <summary>What the client calls itself.</summary>
    public string? Agent { get; init; }
    public required string Verb { get; init; }
    public required string Kind { get; init; }
    public required string ResourceId { get; init; }
    public string? ResourceProjectId { get; init; }
    /// <summary>The organisation of the object; found out when the row is chained.</summary>
    public string? ResourceDomainId { get; init; }
    public required string Result { get; init; }
    /// <summary>HTTP status of a refusal.</summary>
    public long? Status { get; init; }
    public string? Detail { get; init; }
    /// <summary>What of the object was otherwise before, as JSON, secrets masked; null when it was made.</summary>
    public string? Was { get; init; }
    /// <summary>The same afterwards; null when it is gone.</summary>
    public string? Became { get; init; }
    /// <summary>Place in the chain; null until it has one.</summary>
    public long? Seq { get; init; }
    public string? Hash { get; init; }
    public long? Form { get; init; }

    public static AuditRow Of(Actor actor, long at, string verb, string kind, string resourceId, string? resourceProjectId, string result, string? detail) => new()
    {
        Id = Xiangyun.Kernel.Id.New(), At = at, UserId = actor.UserId, UserName = actor.UserName, UserDomainId = actor.UserDomainId,
        ProjectId = actor.ProjectId, DomainId = actor.DomainId ?? actor.ProjectDomainId ?? actor.UserDomainId,
        Scope = actor.ProjectId is not null ? "project" : actor.DomainId is not null ? "domain" : actor.SystemScope ? "system" : "none",
        Roles = string.Join(',', actor.Roles.Order(StringComparer.Ordinal)), RequestId = actor.RequestId, Remote = actor.RemoteAddress, Agent = Secrets.Short(actor.UserAgent, 200),
        Verb = verb, Kind = kind, ResourceId = resourceId, ResourceProjectId = resourceProjectId, Result = result, Detail = SignedIn.Told(actor, detail),
    };

    internal Task<int> Insert(Tx tx) => tx.Run(
        """
        INSERT INTO audit (id, at, user_id, user_name, user_domain_id, project_id, domain_id, scope, roles, request_id, remote, agent,
          verb, kind, resource_id, resource_project_id, result, status, detail, was, became)
        VALUES (@id, @at, @user, @name, @home, @project, @domain, @scope, @roles, @request, @remote, @agent,
          @verb, @kind, @resource, @owner, @result, @status, @detail, @was, @became)
        """,
        ("@id", Id), ("@at", At), ("@user", UserId), ("@name", UserName), ("@home", UserDomainId), ("@project", ProjectId), ("@domain", DomainId), ("@scope", Scope), ("@roles", Roles),
        ("@request", RequestId), ("@remote", Remote), ("@agent", Agent), ("@verb", Verb), ("@kind", Kind), ("@resource", ResourceId), ("@owner", ResourceProjectId),
        ("@result", Result), ("@status", Status), ("@detail", Detail), ("@was", Was), ("@became", Became));
}
