namespace Xiangyun.Identity;

internal sealed class ProjectRow
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string DomainId { get; init; }
    public string? ParentId { get; init; }
    public bool IsDomain { get; init; }
    public bool Enabled { get; init; }
    public string Description { get; init; } = "";
    public string Tags { get; init; } = "[]";
    public string Extra { get; init; } = "{}";
    public long CreatedAt { get; init; }
}

internal sealed class UserRow
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string DomainId { get; init; }
    public bool Enabled { get; init; }
    public string? PasswordHash { get; init; }
    public long? PasswordChangedAt { get; init; }
    public string? DefaultProjectId { get; init; }
    public string Extra { get; init; } = "{}";
    public long CreatedAt { get; init; }
    /// <summary>Tokens that are older are worth nothing.</summary>
    public long? SignedOutAt { get; init; }
    public string Options { get; init; } = "{}";
    /// <summary>Wrong passwords or codes in a row, and when the last of them came.</summary>
    public long WrongTries { get; init; }
    public long WrongAt { get; init; }
    /// <summary>The same of those from a place where it came from the last two times.</summary>
    public long WrongKnown { get; init; }
    public long WrongKnownAt { get; init; }
    /// <summary>JSON list of hashes that were valid before, the newest first.</summary>
    public string EarlierPasswords { get; init; } = "[]";
    /// <summary>Somebody else chose the password; the user has to choose one before anything else.</summary>
    public bool MustChange { get; init; }
    /// <summary>When and from where it signed in last, and before that; and how many wrong tries lay in between.</summary>
    public long? CameAt { get; init; }
    public string? CameFrom { get; init; }
    public long? CameBeforeAt { get; init; }
    public string? CameBeforeFrom { get; init; }
    public long FailedBefore { get; init; }
    /// <summary>The last step of time whose one-time code was used; no code is good twice.</summary>
    public long TotpStep { get; init; }
}

internal sealed class GroupRow
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string DomainId { get; init; }
    public string Description { get; init; } = "";
    public string Extra { get; init; } = "{}";
    public long CreatedAt { get; init; }
}

internal sealed class MembershipRow
{
    public required string GroupId { get; init; }
    public required string UserId { get; init; }
}

internal sealed class RoleRow
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    /// <summary>Empty = a role of the whole cloud.</summary>
    public string DomainId { get; init; } = "";
    public string Description { get; init; } = "";
    public string Extra { get; init; } = "{}";
    /// <summary>Of a bureau's own role: the rules that it lets pass (JSON list), see <see cref="Wire.Rules.Delegable"/>.</summary>
    public string? Rules { get; init; }
}

internal sealed class ImplicationRow
{
    public required string PriorId { get; init; }
    public required string ImpliedId { get; init; }
}

internal sealed class AssignmentRow
{
    /// <summary>user or group</summary>
    public required string ActorKind { get; init; }
    public required string ActorId { get; init; }
    /// <summary>project, domain or system (whose id is "all")</summary>
    public required string TargetKind { get; init; }
    public required string TargetId { get; init; }
    public required string RoleId { get; init; }
    /// <summary>Holds for everything below the target, not for the target itself.</summary>
    public bool Inherited { get; init; }
    /// <summary>When it ends; a row that has ended is seen by no query. Null = never.</summary>
    public long? ExpiresAt { get; init; }
}

internal sealed class ApplicationCredentialRow
{
    public required string Id { get; init; }
    public required string UserId { get; init; }
    public required string ProjectId { get; init; }
    public required string Name { get; init; }
    public string Description { get; init; } = "";
    public required string SecretHash { get; init; }
    /// <summary>JSON list of role ids.</summary>
    public required string Roles { get; init; }
    public bool Unrestricted { get; init; }
    public long? ExpiresAt { get; init; }
    /// <summary>Microseconds beyond <see cref="ExpiresAt"/>, only so that clients read back what they wrote.</summary>
    public long ExpiresMicros { get; init; }
    /// <summary>JSON list of ids of access rules; null = everything that the roles allow.</summary>
    public string? AccessRules { get; init; }
    public long CreatedAt { get; init; }
}

internal sealed class RevocationRow
{
    public required string AuditId { get; init; }
    public long ExpiresAt { get; init; }
}
