using System.Text.Json.Nodes;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Identity.Directories;

/// <summary>
/// People whom the directory of their domain knows. The first sign-in makes an account here, so that it can be granted something;
/// an account without a password that was made before under that name becomes theirs. Accounts with a password stay local.
/// </summary>
internal sealed class Directories(IdentityStore store, IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("xiangyun.domain-option.v1");

    public string Seal(string secret) => _protector.Protect(secret);

    /// <param name="account">The account that was named, if there is one.</param>
    /// <returns>The account, when its directory says that the password is right.</returns>
    public async Task<UserRow?> Enter(UserRow? account, string domainId, string name, string password)
    {
        if (account?.PasswordHash is not null) return null;
        var options = await store.Read(async db => DirectoryOptions.Of(await db.Options.Where(o => o.DomainId == domainId).ToListAsync()));
        if (options is null) return null;
        var person = await LdapDirectory.Enter(options, options.SealedPassword is { } text ? _protector.Unprotect(text) : null, name, password);
        return person is null ? null : await Known(domainId, person);
    }

    /// <summary>The account of somebody whom the domain vouches for; made when there is none. Whose it is, the lasting id decides, never the name.</summary>
    /// <exception cref="CloudError">An account of that name is somebody else's.</exception>
    public async Task<UserRow> Known(string domainId, DirectoryPerson person)
    {
        var key = $"{domainId}:{person.Id}";
        if (await store.Read(db => db.Users.SingleOrDefaultAsync(u => db.People.Any(p => p.Key == key && p.UserId == u.Id))) is { } known) return known;
        return await store.Write(Actor.System, async (tx, db) =>
        {
            await tx.Lock("identity.directory:" + domainId);
            if (await db.Users.SingleOrDefaultAsync(u => db.People.Any(p => p.Key == key && p.UserId == u.Id)) is { } other) return other;
            var user = await db.Users.SingleOrDefaultAsync(u => u.DomainId == domainId && u.Name == person.Name);
            if (user is not null && (user.PasswordHash is not null || await db.People.AnyAsync(p => p.UserId == user.Id)))
                throw CloudError.Conflict($"There is another account {person.Name} in your organisation: its administrator renames one of the two.");
            if (user is null)
            {
                var extra = person.Mail is null ? [] : new JsonObject { ["email"] = person.Mail };
                db.Add(user = new UserRow { Id = Id.New(), Name = person.Name, DomainId = domainId, Enabled = true, Extra = extra.ToJsonString(), CreatedAt = tx.Now });
            }
            db.Add(new PersonRow { Key = key, UserId = user.Id });
            tx.Audit("user.vouched", "user", user.Id, null, new { person.Name, person = person.Id });
            return user;
        });
    }
}
