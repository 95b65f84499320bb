using Xiangyun.Kernel;

namespace Xiangyun.Identity.Tokens;

/// <summary>What a token stands for at this moment.</summary>
/// <param name="User">Whom it speaks for: with a trust that impersonates, the trustor.</param>
/// <param name="Restricted">It comes from an application credential that may not make or delete others.</param>
internal sealed record Session(Ticket Ticket, UserRow User, ProjectRow UserDomain, ProjectRow? Project, ProjectRow? Domain, IReadOnlyList<RoleRow> Roles, bool Restricted, Actor Actor)
{
    public TrustRow? Trust { get; init; }
    /// <summary>When the first of the grants that it may rest on ends: it must be read anew then.</summary>
    public long Until { get; init; } = long.MaxValue;
    public IReadOnlyList<AccessRuleRow>? AccessRules { get; init; }
}
