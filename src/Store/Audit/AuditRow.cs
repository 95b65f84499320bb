using Xiangyun.Kernel;

namespace Xiangyun.Store.Audit;

/// <summary>One thing that somebody did: who, in which scope, from where, what, on what, and how it ended.</summary>
public sealed class AuditRow
{
    public required string Id { get; init; }
    public long At { get; init; }
    public required string UserId { get; init; }
    public required string UserName { get; init; }
    public string? ProjectId { get; init; }
    public string? DomainId { get; init; }
    public required string RequestId { get; init; }
    public required string Remote { get; init; }
    public required string Verb { get; init; }
    public required string Kind { get; init; }
    public required string ResourceId { get; init; }
    public string? ResourceProjectId { get; init; }
    public required string Result { get; init; }
    public string? Detail { get; init; }

    internal static AuditRow Of(Actor actor, long at, string verb, string kind, string resourceId, string? resourceProjectId, string result, string? detail) => new()
    {
        Id = Xiangyun.Kernel.Id.New(), At = at, UserId = actor.UserId, UserName = actor.UserName, ProjectId = actor.ProjectId,
        DomainId = actor.DomainId ?? actor.UserDomainId, RequestId = actor.RequestId, Remote = actor.RemoteAddress,
        Verb = verb, Kind = kind, ResourceId = resourceId, ResourceProjectId = resourceProjectId, Result = result, Detail = SignedIn.Told(actor, detail),
    };

    internal Task<int> Insert(Tx tx) => tx.Run(
        """
        INSERT INTO audit (id, at, user_id, user_name, project_id, domain_id, request_id, remote, verb, kind, resource_id, resource_project_id, result, detail)
        VALUES (@id, @at, @user, @name, @project, @domain, @request, @remote, @verb, @kind, @resource, @owner, @result, @detail)
        """,
        ("@id", Id), ("@at", At), ("@user", UserId), ("@name", UserName), ("@project", ProjectId), ("@domain", DomainId), ("@request", RequestId),
        ("@remote", Remote), ("@verb", Verb), ("@kind", Kind), ("@resource", ResourceId), ("@owner", ResourceProjectId), ("@result", Result), ("@detail", Detail));
}
