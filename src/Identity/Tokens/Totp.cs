using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Xiangyun.Identity.Tokens;

/// <summary>One-time codes of time (RFC 6238: HMAC-SHA-1, steps of 30 s, six digits), as authenticator apps show them.</summary>
internal static class Totp
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static long Step(long nowMs) => nowMs / 30_000;

    /// <summary>The step whose code this is: the present one or the one before; null = it is neither, or that step was used already.</summary>
    public static long? Match(byte[] secret, string code, long nowMs, long lastUsed)
    {
        var given = Encoding.UTF8.GetBytes(code.Trim());
        foreach (var step in new[] { Step(nowMs), Step(nowMs) - 1 })
            if (step > lastUsed && CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes(Code(secret, step)))) return step;
        return null;
    }

    public static string Code(byte[] secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
#pragma warning disable CA5350 // the algorithm that RFC 6238 and every authenticator use
        var hash = HMACSHA1.HashData(secret, counter);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 0xF)) & 0x7FFF_FFFF;
        return (number % 1_000_000).ToString("D6");
    }

    /// <summary>The secret in base32 (RFC 4648); null when it is none.</summary>
    public static byte[]? Secret(string base32)
    {
        var text = base32.Trim().TrimEnd('=').ToUpperInvariant();
        var (bytes, bits, count) = (new List<byte>(), 0, 0);
        foreach (var letter in text)
        {
            var value = Alphabet.IndexOf(letter);
            if (value < 0) return null;
            (bits, count) = (bits << 5 | value, count + 5);
            if (count < 8) continue;
            bytes.Add((byte)(bits >> count - 8));
            (bits, count) = (bits & (1 << count - 8) - 1, count - 8);
        }
        return bytes.Count > 0 ? [.. bytes] : null;
    }
}
