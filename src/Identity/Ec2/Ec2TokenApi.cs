using System.Text;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Catalog;
using Xiangyun.Identity.Credentials;
using Xiangyun.Identity.Tokens;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Ec2;

/// <summary>
/// A service that was asked with an AWS signature asks here who that is. Only services may: whoever saw one signed request
/// could else make a token of it.
/// </summary>
internal sealed class Ec2TokenApi(IdentityStore store, Vault vault, ScopeChoice scopes, TokenSender sender, SignInLog log, TimeProvider clock) : IApi
{
    public Service Service => Keystone.Service;

    public void Map(Routes r)
    {
        r.Post("/ec2tokens", "identity:ec2_tokens", "token.create", Ec2);
        r.Post("/s3tokens", "identity:ec2_tokens", "token.create", S3);
    }

    private async Task<Answer> Ec2(Call call)
    {
        var wish = Ec2Wish.Read(await call.Body());
        return await Enter(call, wish.Access, secret => Signing.Fits(wish, secret, clock.GetUtcNow()));
    }

    private async Task<Answer> S3(Call call)
    {
        var given = (await call.Body()).Object("credentials");
        var (access, signature, text) = (given.Text("access", 1), given.Text("signature", 1), Encoding.UTF8.GetString(Bytes(given.Text("token", 1, 65_535))));
        return await Enter(call, access, secret => Signing.FitsS3(text, signature, secret));
    }

    private static byte[] Bytes(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64.Replace('-', '+').Replace('_', '/'), bytes, out var length) ? bytes[..length] : throw CloudError.Invalid("credentials.token must be base64.");
    }

    private async Task<Answer> Enter(Call call, string access, Func<string, bool> fits)
    {
        var now = clock.Ms();
        var id = Vault.Ec2Id(access);
        var row = await store.Read(db => db.Credentials.SingleOrDefaultAsync(c => c.Id == id && c.Type == "ec2"));
        if (row?.ProjectId is null || Ec2Api.Pair.Read(vault.Open(row)) is not { Secret.Length: > 0 } pair || !fits(pair.Secret))
        {
            await log.Refused(call, row?.UserId ?? access, "ec2credential");
            throw CloudError.Unauthorized("The EC2 access key is unknown, or the signature is wrong or too old.");
        }
        return await sender.Send(call, await scopes.Enter(new Proof(row.UserId, ["ec2credential"], null, null), new Scope("project", row.ProjectId), now), 200);
    }
}
