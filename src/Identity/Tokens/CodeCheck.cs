using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Credentials;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Identity.Tokens;

/// <summary>Compares a one-time code with the user's secrets, which it keeps as credentials of type totp. A code is good once, whichever server it comes to.</summary>
internal sealed class CodeCheck(Database database, Vault vault, TimeProvider clock)
{
    public async Task<bool> Take(UserRow user, string code)
    {
        var rows = await database.Read(q => q.Db<IdentityDb>().Credentials.Where(c => c.UserId == user.Id && c.Type == "totp").ToListAsync());
        var steps = rows.Select(r => Totp.Secret(vault.Open(r))).OfType<byte[]>().Select(secret => Totp.Match(secret, code, clock.Ms(), user.TotpStep)).OfType<long>().ToList();
        if (steps.Count == 0) return false;
        var step = steps.Max();
        return await database.Write(Actor.System, tx => tx.Db<IdentityDb>().Users.Where(u => u.Id == user.Id && u.TotpStep < step).ExecuteUpdateAsync(s => s.SetProperty(u => u.TotpStep, step))) == 1;
    }
}
