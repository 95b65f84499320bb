namespace Xiangyun.Client.Records;

/// <summary>What a person may do, where, and through which grant.</summary>
public sealed record HeldRights(string UserId, string UserName, List<HeldPlace> Places);

/// <param name="At">system, domain or project</param>
public sealed record HeldPlace(string At, string? AtId, string? AtName, List<HeldRole> Roles, List<string> Rules);

public sealed record HeldRole(string Role, string? GrantedRole, string? ThroughGroup, string? InheritedFrom, DateTimeOffset? ExpiresAt);

/// <summary>The same after a change that is only thought of.</summary>
public sealed record Simulation(List<ChangedPlace> Gained, List<ChangedPlace> Lost, List<RefusedChange> Refused);

public sealed record ChangedPlace(string At, string? AtId, List<string> Rules);

public sealed record RefusedChange(string Change, string Why);

/// <summary>What somebody or an organisation still holds of one kind.</summary>
public sealed record Heap(string Kind, long Count, List<HeapThing> First);

public sealed record HeapThing(string Id, string? Name, string? ProjectId);

/// <summary>One of the three administrators, and where.</summary>
public sealed record Administrator(string Family, string Role, string UserId, string UserName, string DomainId, bool Enabled, string At, string? AtId, string? ThroughGroup, bool Inherited);

public sealed record BreakGlass(string Id, string UserId, string Reason, int Minutes, string State, string AskedBy, string AskedAs, DateTimeOffset AskedAt, string? AgreedBy, string? AgreedAs, DateTimeOffset? OpenUntil);

public sealed record Closing(string OrganisationId, DateTimeOffset StartedAt, List<System.Text.Json.JsonElement> Blocked, List<Heap> Left);
