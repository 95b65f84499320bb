using System.Text;

namespace Xiangyun.Console.Kit;

/// <summary>RFC 4648 base32 without padding: how authenticator apps want their secret.</summary>
internal static class Base32
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static string Write(ReadOnlySpan<byte> bytes)
    {
        var (text, held, bits) = (new StringBuilder(), 0, 0);
        foreach (var one in bytes)
        {
            held = held << 8 | one;
            for (bits += 8; bits >= 5; bits -= 5) text.Append(Letters[held >> bits - 5 & 31]);
        }
        if (bits > 0) text.Append(Letters[held << 5 - bits & 31]);
        return text.ToString();
    }
}
