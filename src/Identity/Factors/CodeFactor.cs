using Xiangyun.Identity.Tokens;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Factors;

/// <summary>A one-time code (TOTP).</summary>
internal sealed class CodeFactor(Claimants claimants, CodeCheck codes) : IFactor
{
    public string Method => "totp";

    public async Task<Proof> Prove(Call call, Fields identity)
    {
        var who = identity.Object(Method).Object("user");
        var user = await claimants.Find(who);
        var code = who.Text("passcode", 1, 16);
        var right = user is not null && !claimants.Locked(call, user) && await codes.Take(user, code);
        await claimants.MustCount(call, who, user, right, Method);
        return new Proof(user!.Id, [Method], null, null);
    }
}
