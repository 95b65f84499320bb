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
        return person is null ? null : account ?? await Make(domainId, person);
    }

    private Task<UserRow> Make(string domainId, DirectoryPerson person)
    {
        var id = Id.From($"directory:{domainId}:{person.Id}");
        return store.Write(Actor.System, async (tx, db) =>
        {
            await tx.Lock("identity.directory:" + id);
            if (await db.Users.SingleOrDefaultAsync(u => u.Id == id || u.DomainId == domainId && u.Name == person.Name) is { } known) return known;
            var extra = person.Mail is null ? [] : new JsonObject { ["email"] = person.Mail };
            var made = new UserRow { Id = id, Name = person.Name, DomainId = domainId, Enabled = true, Extra = extra.ToJsonString(), CreatedAt = tx.Now };
            db.Add(made);
            tx.Audit("user.create", "user", id, null, new { person.Name, from = "directory" });
            return made;
        });
    }
}
