using Xiangyun.Identity.Tokens;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Factors;

/// <summary>A token that is out already, to be exchanged for one of another scope.</summary>
internal sealed class TokenFactor(TokenReader reader) : IFactor
{
    public string Method => "token";

    public async Task<Proof> Prove(Call call, Fields identity)
    {
        var session = await reader.Open(identity.Object(Method).Text("id", 1, 4096)) ?? throw Keystone.Missing("token", "it is unknown, expired or revoked");
        if (session.Trust is not null) throw CloudError.Forbidden("A token of a trust cannot be exchanged for another one; sign in with the trust again.");
        if (session.Ticket.ApplicationCredentialId is not null) throw CloudError.Forbidden("A token of an application credential cannot be exchanged for another one.");
        return new Proof(session.User.Id, [.. session.Ticket.Methods.Append(Method).Distinct()], session.Ticket, null);
    }
}
