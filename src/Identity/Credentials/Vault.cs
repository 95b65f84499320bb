using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Xiangyun.Identity.Credentials;

/// <summary>Seals what users keep here and must be able to read again; only servers with the key ring can open it.</summary>
internal sealed class Vault(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("xiangyun.credential.v1");

    public string Seal(string blob) => _protector.Protect(blob);

    public string Open(CredentialRow row) => Open(row.SealedBlob);

    public string Open(string sealed_) => _protector.Unprotect(sealed_);

    /// <summary>As Keystone does, an EC2 pair is found by its access key: the id is that key's SHA-256.</summary>
    public static string Ec2Id(string access) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(access)));
}
