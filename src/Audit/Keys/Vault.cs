using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;
using Xiangyun.Evidence;

namespace Xiangyun.Audit.Keys;

/// <summary>
/// Seals private keys for the database with SM4-GCM (GB/T 32907, GB/T 36624) under a secret in a file beside the server's
/// other keys. Whoever can write the database but not read that file can change records, but cannot sign that.
/// </summary>
internal sealed class Vault(AuditOptions options)
{
    private const int Nonce = 12;
    private const int TagBits = 128;
    private readonly Lazy<byte[]> _secret = new(() => Secret(options.Secret));

    public string File => options.Secret;

    public string Seal(byte[] secret, string name)
    {
        var nonce = RandomNumberGenerator.GetBytes(Nonce);
        return Hex.Of([.. nonce, .. Run(true, nonce, secret, name)]);
    }

    /// <returns>null when it was sealed under another secret.</returns>
    public byte[]? Open(string text, string name)
    {
        try
        {
            var bytes = Convert.FromHexString(text);
            return Run(false, bytes[..Nonce], bytes[Nonce..], name);
        }
        catch (InvalidCipherTextException)
        {
            return null;
        }
    }

    private byte[] Run(bool seal, byte[] nonce, byte[] text, string name)
    {
        var cipher = new GcmBlockCipher(new SM4Engine());
        cipher.Init(seal, new AeadParameters(new KeyParameter(_secret.Value), TagBits, nonce, System.Text.Encoding.ASCII.GetBytes(name)));
        var made = new byte[cipher.GetOutputSize(text.Length)];
        var length = cipher.ProcessBytes(text, 0, text.Length, made, 0);
        return made[..(length + cipher.DoFinal(made, length))];
    }

    private static byte[] Secret(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        try
        {
            using var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
            stream.Write(System.Text.Encoding.ASCII.GetBytes(Hex.Of(RandomNumberGenerator.GetBytes(16)) + "\n"));
        }
        catch (IOException) when (System.IO.File.Exists(file))
        {
            // It is there since an earlier start.
        }
        return Hex.Bytes(System.IO.File.ReadAllText(file).Trim(), 16) ?? throw new InvalidDataException($"{file} holds no secret of 32 hexadecimal digits");
    }
}
