using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Xiangyun.Kernel;

namespace Xiangyun.Wire;

/// <summary>
/// Refuses, for every route at once, text that no database can keep: NUL (PostgreSQL has none) and halves of UTF-16 pairs,
/// which JSON can write but UTF-8 cannot.
/// </summary>
internal static class Texts
{
    public static void Check(HttpContext http)
    {
        if (http.Request.Path.Value?.Contains('\0') == true || http.Request.Query.Any(q => q.Key.Contains('\0') || q.Value.Any(v => v?.Contains('\0') == true)))
            throw CloudError.Invalid("The address contains a NUL character, which is not allowed.");
    }

    /// <param name="raw">The same document as bytes: only one that writes such characters (they must be escaped) is walked.</param>
    public static void Check(JsonElement element, ReadOnlySpan<byte> raw)
    {
        if (raw.IndexOf("\\ud"u8) >= 0 || raw.IndexOf("\\uD"u8) >= 0 || raw.IndexOf("\\u0000"u8) >= 0) Walk(element);
    }

    private static void Walk(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array) foreach (var item in element.EnumerateArray()) Walk(item);
        if (element.ValueKind == JsonValueKind.String) Refuse(element.GetString);
        if (element.ValueKind != JsonValueKind.Object) return;
        foreach (var member in element.EnumerateObject())
        {
            Refuse(() => member.Name);
            Walk(member.Value);
        }
    }

    private static void Refuse(Func<string?> text)
    {
        try
        {
            if (text()?.Contains('\0') == true) throw CloudError.Invalid("The request body contains a NUL character, which is not allowed.");
        }
        catch (InvalidOperationException e)
        {
            throw new CloudError(ErrorKind.Invalid, "The request body contains half of a surrogate pair (\\ud800 to \\udfff), which is no character.", e);
        }
    }
}
