using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Factors;
using Xiangyun.Identity.Tokens;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Passkeys;

/// <summary>A passkey, by which somebody proves to have the device and to have unlocked it: two factors in one. A challenge is good once.</summary>
internal sealed class PasskeyFactor(Ceremony ceremony, Database database, SignInLog log) : IFactor
{
    public string Method => "passkey";

    public async Task<Proof> Prove(Call call, Fields identity)
    {
        var given = identity.Object(Method);
        var (state, credential) = (ceremony.Open(given.Text("state", 1, 8192)), Credential(given));
        var result = state is { UserId: null } ? await ceremony.Used(call.Http, state, credential) : null;
        if (result is { Succeeded: true, User: { Enabled: true } user } && await Take(state!, result.Passkey)) return new Proof(user.Id, [Method], null, null);
        await log.Refused(call, result?.User?.Id ?? "", Method, result?.User?.DomainId);
        throw SignIn.Wrong();
    }

    /// <summary>The browser's own JSON, as it is.</summary>
    public static string Credential(Fields given)
    {
        _ = given.Object("credential");
        return given.Raw("credential")!.Value.GetRawText();
    }

    private async Task<bool> Take(Ceremony.State state, Microsoft.AspNetCore.Identity.UserPasskeyInfo used)
    {
        var id = PasskeyStore.Text(used.CredentialId);
        return await database.Write(Actor.System, tx => tx.Db<IdentityDb>().Passkeys.Where(p => p.Id == id && p.Origin == state.Origin && p.ChallengeAt < state.At).ExecuteUpdateAsync(s => s
            .SetProperty(p => p.ChallengeAt, state.At).SetProperty(p => p.SignCount, (long)used.SignCount).SetProperty(p => p.BackedUp, used.IsBackedUp).SetProperty(p => p.UsedAt, tx.Now))) == 1;
    }
}
