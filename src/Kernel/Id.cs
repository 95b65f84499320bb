namespace Xiangyun.Kernel;

/// <summary>The one way to make and read identifiers: UUIDv7 (RFC 9562), canonical lower-case text.</summary>
public static class Id
{
    public static string New() => Guid.CreateVersion7().ToString();

    /// <summary>Ids made at that moment or later are not smaller.</summary>
    public static string FirstAt(long ms) => $"{ms >> 16:x8}-{ms & 0xFFFF:x4}-7000-8000-000000000000";

    /// <summary>Accepts any UUID with or without dashes and gives its canonical text; null when it is none.</summary>
    public static string? Canonical(string? text) => Guid.TryParse(text, out var id) ? id.ToString() : null;

    /// <summary>A stable identifier derived from a name (SHA-256, version 8 of RFC 9562): equal names give equal ids.</summary>
    public static string From(string name)
    {
        Span<byte> hash = stackalloc byte[32];
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name), hash);
        hash[6] = (byte)(hash[6] & 0x0F | 0x80);
        hash[8] = (byte)(hash[8] & 0x3F | 0x80);
        return new Guid(hash[..16], bigEndian: true).ToString();
    }
}
