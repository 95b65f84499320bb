using System.Text.Json;

namespace Xiangyun.Evidence;

/// <summary>
/// Something that a key vouches for. What is signed is the canonical bytes of the members, among them <c>type</c> (so that
/// no statement passes for one of another type) and <c>key</c> (whose signature it is).
/// </summary>
public static class Statement
{
    public const string Head = "head";
    public const string Stub = "stub";
    public const string Key = "key";
    public const string End = "end";
    public const string Pdf = "pdf";

    /// <summary>Records up to <paramref name="seq"/> were chained and the last one's hash is this.</summary>
    public static byte[] OfHead(long seq, string hash, long at, string key) =>
        Canonical.Object(("type", Head), ("seq", seq), ("hash", hash), ("at", at), ("key", key));

    /// <summary>Records up to <paramref name="seq"/> were there, were older than the retention, and were removed.</summary>
    public static byte[] OfStub(long seq, string hash, long at, long days, string key) =>
        Canonical.Object(("type", Stub), ("seq", seq), ("hash", hash), ("at", at), ("retention_days", days), ("key", key));

    /// <summary>This public key signs from now on. Its own signature shows that somebody holds it; its predecessor's, that it follows rightly.</summary>
    public static byte[] OfKey(long number, string point, string key, string? before, long at) =>
        Canonical.Object(("type", Key), ("number", number), ("public", point), ("key", key), ("before", before), ("at", at));

    /// <summary>The last line of a copy: everything before it.</summary>
    public static byte[] OfEnd(string digest, long lines, long at, string key) =>
        Canonical.Object(("type", End), ("digest", digest), ("lines", lines), ("at", at), ("key", key));

    /// <summary>A report: the bytes before the line that carries this.</summary>
    public static byte[] OfPdf(string digest, long length, long at, string key) =>
        Canonical.Object(("type", Pdf), ("digest", digest), ("length", length), ("at", at), ("key", key));

    /// <summary>A statement as a line of a file: <c>{"signature":"..","statement":{..}}</c>, for a key also <c>"before"</c>, the predecessor's signature.</summary>
    public static byte[] Line(byte[] statement, string signature, string? byPredecessor = null) => byPredecessor is null
        ? Canonical.Object(("statement", statement), ("signature", signature))
        : Canonical.Object(("statement", statement), ("signature", signature), ("signature_before", byPredecessor));

    public static string Text(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new FormatException($"'{name}' is missing");

    public static long Number(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : throw new FormatException($"'{name}' is missing");
}
