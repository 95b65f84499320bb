namespace Xiangyun.Identity.Administrators;

/// <summary>
/// The three administrators of the classified-protection rules: who runs things (系统管理员), who decides on rights and accounts
/// that stand above others (安全管理员), who watches both (审计管理员). At the cloud they are admin, security_admin and auditor; in a
/// bureau its manager runs things. No one person is ever of two families.
/// </summary>
internal enum Family { System, Security, Audit }

internal static class Families
{
    public const string Security = "security_admin", Auditor = "auditor";

    /// <summary>Roles that only the security administrator hands out, by name and to persons.</summary>
    public static readonly IReadOnlyList<string> Named = [Security, Auditor];

    public static Family? Of(string role) => role switch
    {
        "admin" or "manager" => Family.System,
        Security => Family.Security,
        Auditor => Family.Audit,
        _ => null,
    };

    public static string Title(Family family) => family switch { Family.System => "system administrator (系统管理员)", Family.Security => "security administrator (安全管理员)", _ => "audit administrator (审计管理员)" };

    /// <summary>The names that the rights of this cloud rest on: such a role is neither renamed nor deleted.</summary>
    public static bool Fixed(RoleRow role) => role.DomainId.Length == 0 && (role.Name == "admin" || Named.Contains(role.Name));
}
