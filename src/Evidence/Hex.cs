namespace Xiangyun.Evidence;

/// <summary>Lower-case hexadecimal and nothing else: one value has one text, so that no letter of a file can change unnoticed.</summary>
public static class Hex
{
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    /// <returns>null unless the text is exactly <paramref name="length"/> bytes in lower case.</returns>
    public static byte[]? Bytes(string? text, int length)
    {
        if (text is null || text.Length != length * 2 || text.AsSpan().ContainsAnyExcept("0123456789abcdef")) return null;
        return Convert.FromHexString(text);
    }
}
