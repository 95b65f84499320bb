using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Identity;

/// <summary>
/// First start: the domain Default, the project and user admin, and the roles that imply each other. The password comes
/// from XY_BOOTSTRAP_PASSWORD; there is no default one.
/// </summary>
internal sealed class Bootstrap(IdentityStore store, Passwords passwords) : IHostedService
{
    public const string Variable = "XY_BOOTSTRAP_PASSWORD";
    private static readonly string[] Chain = ["admin", "manager", "member", "reader"];

    public async Task StartAsync(CancellationToken ct)
    {
        if (await store.Read(db => db.Projects.AnyAsync(p => p.IsDomain, ct))) return;
        var password = Environment.GetEnvironmentVariable(Variable);
        if (password is not { Length: >= 12 }) throw new InvalidOperationException($"first start: set {Variable} to the administrator's first password (12 characters or more)");
        var hash = passwords.Hash(password);
        await store.Write(Actor.System, async (tx, db) =>
        {
            await tx.Lock("identity.bootstrap"); // two servers may start at once
            if (await db.Projects.AnyAsync(p => p.IsDomain)) return;
            db.Add(new ProjectRow { Id = "default", Name = "Default", DomainId = "default", IsDomain = true, Enabled = true, Description = "The default domain", CreatedAt = tx.Now });
            var project = new ProjectRow { Id = Id.New(), Name = "admin", DomainId = "default", Enabled = true, Description = "Operators of this cloud", CreatedAt = tx.Now };
            var user = new UserRow { Id = Id.New(), Name = "admin", DomainId = "default", Enabled = true, PasswordHash = hash, DefaultProjectId = project.Id, CreatedAt = tx.Now };
            db.AddRange(project, user);
            var roles = Chain.Append("service").ToDictionary(n => n, n => new RoleRow { Id = Id.New(), Name = n });
            db.AddRange(roles.Values);
            foreach (var (prior, implied) in Chain.Zip(Chain.Skip(1))) db.Add(new ImplicationRow { PriorId = roles[prior].Id, ImpliedId = roles[implied].Id });
            foreach (var (kind, id) in new[] { ("project", project.Id), ("domain", "default"), ("system", "all") })
                db.Add(new AssignmentRow { ActorKind = "user", ActorId = user.Id, TargetKind = kind, TargetId = id, RoleId = roles["admin"].Id });
            tx.Audit("cloud.bootstrap", "domain", "default");
        });
    }

    public Task StopAsync(CancellationToken ct) => Task.CompletedTask;
}
