using System.Security.Cryptography;
using System.Text;

namespace Xiangyun.Testing.Bmc;

/// <summary>
/// The key exchange of IPMI 2.0 (RAKP, specification sections 13.20 to 13.32) and what protects a session's packets, for cipher suites 3 (HMAC-SHA1) and
/// 17 (HMAC-SHA256), both with AES-CBC-128. On the side of the controller, for tests only.
/// </summary>
internal sealed class Rakp(byte suite, uint console, byte[] password)
{
    private byte[] _consoleRandom = [], _k1 = [], _k2 = [];
    private byte _role;
    private byte[] _name = [];

    public static byte[] Guid { get; } = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];
    public uint Console => console;
    public uint Own { get; } = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4)) | 1;
    public byte[] Random { get; } = RandomNumberGenerator.GetBytes(16);
    /// <summary>The key exchange is over and the password was right.</summary>
    public bool Proven { get; private set; }
    public string Name => Encoding.UTF8.GetString(_name);
    private bool Sha256 => suite == 17;
    public int CodeLength => Sha256 ? 16 : 12;

    private byte[] Hmac(byte[] key, params byte[][] parts)
    {
        byte[] all = [.. parts.SelectMany(p => p)];
#pragma warning disable CA5350 // suite 3 is what older controllers have
        return Sha256 ? HMACSHA256.HashData(key, all) : HMACSHA1.HashData(key, all);
#pragma warning restore CA5350
    }

    private static byte[] Little(uint number) => BitConverter.GetBytes(number);

    /// <summary>Message 1 from the console; the answer is the code of message 2.</summary>
    public byte[] Begin(byte[] consoleRandom, byte role, byte[] name)
    {
        (_consoleRandom, _role, _name) = (consoleRandom, role, name);
        return Hmac(password, Little(console), Little(Own), consoleRandom, Random, Guid, [role, (byte)name.Length], name);
    }

    /// <summary>Message 3 from the console; the answer is the check value of message 4, or null: it does not know the password.</summary>
    public byte[]? Finish(byte[] code)
    {
        if (!CryptographicOperations.FixedTimeEquals(code, Hmac(password, Random, Little(console), [_role, (byte)_name.Length], _name))) return null;
        var key = Hmac(password, _consoleRandom, Random, [_role, (byte)_name.Length], _name);
        (_k1, _k2, Proven) = (Hmac(key, [.. Enumerable.Repeat((byte)1, 20)]), Hmac(key, [.. Enumerable.Repeat((byte)2, 20)]), true);
        return Hmac(key, _consoleRandom, Little(Own), Guid)[..CodeLength];
    }

    public byte[] Sign(byte[] packet) => Hmac(_k1, packet)[..CodeLength];

    public byte[] Decrypt(byte[] payload)
    {
        using var aes = Cipher();
        var plain = aes.DecryptCbc(payload[16..], payload[..16], PaddingMode.None);
        return plain[..(plain.Length - 1 - plain[^1])];
    }

    public byte[] Encrypt(byte[] plain)
    {
        using var aes = Cipher();
        var pad = (16 - (plain.Length + 1) % 16) % 16;
        byte[] padded = [.. plain, .. Enumerable.Range(1, pad).Select(i => (byte)i), (byte)pad];
        return [.. aes.IV, .. aes.EncryptCbc(padded, aes.IV, PaddingMode.None)];
    }

    private Aes Cipher()
    {
        var aes = Aes.Create();
        aes.Key = _k2[..16];
        return aes;
    }
}
