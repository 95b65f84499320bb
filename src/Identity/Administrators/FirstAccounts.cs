using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Xiangyun.Kernel;

namespace Xiangyun.Identity.Administrators;

/// <summary>
/// First start, after <see cref="Bootstrap"/>: the roles security_admin and auditor, and an account for each. A cloud that is
/// older than the three administrators gets them at its next start. Their first passwords come from
/// XY_BOOTSTRAP_SECURITY_PASSWORD and XY_BOOTSTRAP_AUDIT_PASSWORD; there are no default ones.
/// </summary>
internal sealed class FirstAccounts(IdentityStore store, Passwords passwords) : IHostedService
{
    private static readonly (string Role, string Account, string Variable, string Description)[] Wanted =
    [
        (Families.Security, "security", "XY_BOOTSTRAP_SECURITY_PASSWORD", "安全管理员: hands out the roles of administrators, lifts locks"),
        (Families.Auditor, "auditor", "XY_BOOTSTRAP_AUDIT_PASSWORD", "审计管理员: reads, exports and keeps the audit log"),
    ];

    public async Task StartAsync(CancellationToken ct)
    {
        if (await store.Read(db => db.Roles.CountAsync(r => r.DomainId == "" && (r.Name == Families.Security || r.Name == Families.Auditor), ct)) == Wanted.Length) return;
        var hashes = Wanted.Select(w => Environment.GetEnvironmentVariable(w.Variable) is { Length: >= 12 } text ? passwords.Hash(text)
            : throw new InvalidOperationException($"first start with three administrators: set {w.Variable} to the first password of the account {w.Account} (12 characters or more)")).ToList();
        await store.Write(Actor.System, async (tx, db) =>
        {
            await tx.Lock("identity.bootstrap"); // two servers may start at once
            var reader = await db.Roles.SingleAsync(r => r.DomainId == "" && r.Name == "reader");
            foreach (var (wish, hash) in Wanted.Zip(hashes))
            {
                if (await db.Roles.AnyAsync(r => r.DomainId == "" && r.Name == wish.Role)) continue;
                var role = new RoleRow { Id = Id.New(), Name = wish.Role, Description = wish.Description };
                // An account of that name may be there since before there were administrators: then it stays somebody else's.
                var taken = await db.Users.AnyAsync(u => u.DomainId == "default" && u.Name == wish.Account);
                var user = new UserRow { Id = Id.New(), Name = taken ? $"{wish.Account}-admin" : wish.Account, DomainId = "default", Enabled = true, PasswordHash = hash, CreatedAt = tx.Now };
                db.AddRange(role, user);
                db.Add(new ImplicationRow { PriorId = role.Id, ImpliedId = reader.Id });
                db.Add(new AssignmentRow { ActorKind = "user", ActorId = user.Id, TargetKind = "system", TargetId = "all", RoleId = role.Id });
                tx.Audit("cloud.bootstrap", "user", user.Id, null, new { user.Name, role = role.Name });
            }
        });
    }

    public Task StopAsync(CancellationToken ct) => Task.CompletedTask;
}
