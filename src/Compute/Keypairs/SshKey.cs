using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Xiangyun.Kernel;

namespace Xiangyun.Compute.Keypairs;

/// <summary>OpenSSH public keys (RFC 4253 section 6.6): fingerprint, and a new RSA 3072 pair.</summary>
internal static class SshKey
{
    /// <summary>MD5 of the key blob as pairs of hex digits with colons, the form that Nova answers.</summary>
    public static string Fingerprint(string publicKey)
    {
        var words = publicKey.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        try
        {
            if (words.Length < 2) throw new FormatException();
            var blob = Convert.FromBase64String(words[1]);
            var length = BinaryPrimitives.ReadInt32BigEndian(blob);
            if (length < 1 || length > blob.Length - 4 || Encoding.ASCII.GetString(blob, 4, length) != words[0]) throw new FormatException();
            return string.Join(':', MD5.HashData(blob).Select(b => b.ToString("x2")));
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw CloudError.Invalid("Keypair data is invalid: it must be an OpenSSH public key such as 'ssh-ed25519 AAAA... comment'.");
        }
    }

    public static (string Public, string Private) Generate(string comment)
    {
        using var rsa = RSA.Create(3072);
        var parameters = rsa.ExportParameters(false);
        using var blob = new MemoryStream();
        Field(blob, Encoding.ASCII.GetBytes("ssh-rsa"));
        Field(blob, Positive(parameters.Exponent!));
        Field(blob, Positive(parameters.Modulus!));
        return ($"ssh-rsa {Convert.ToBase64String(blob.ToArray())} {comment}", rsa.ExportRSAPrivateKeyPem() + "\n");
    }

    private static void Field(Stream to, byte[] value)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, value.Length);
        to.Write(length);
        to.Write(value);
    }

    /// <summary>An mpint has a leading zero byte when its top bit is set.</summary>
    private static byte[] Positive(byte[] number) => number[0] < 0x80 ? number : [0, .. number];
}
