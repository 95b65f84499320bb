using System.Text.Json;

namespace Xiangyun.Evidence;

/// <summary>
/// The keys that a file names, and every signature in it. Signatures cost a millisecond and a hash a microsecond, so they
/// are collected first and checked when nothing cheaper has been found.
/// </summary>
internal sealed class KeySet
{
    private readonly List<NamedKey> _keys = [];
    private readonly List<(long Line, string What, byte[] Message, byte[] Signature, string Key)> _signatures = [];

    public IReadOnlyList<NamedKey> Keys => _keys;

    public bool Knows(string name) => _keys.Exists(k => k.Name == name);

    /// <exception cref="FormatException">The key does not follow from the one before it.</exception>
    public void Take(long line, JsonElement whole, JsonElement statement)
    {
        var (number, point, name, at) = (statement.Number("number"), statement.Text("public"), statement.Text("key"), statement.Number("at"));
        var bytes = Hex.Bytes(point, Sm2.PublicLength) ?? throw new FormatException("the public key is not 65 bytes in lower-case hexadecimal");
        if (Sm2.Name(bytes) != name) throw new FormatException($"the key calls itself {name} but is {Sm2.Name(bytes)}");
        var before = statement.GetProperty("before");
        var last = _keys.LastOrDefault();
        if (number != (last?.Number ?? 0) + 1) throw new FormatException($"key {number} stands where key {(last?.Number ?? 0) + 1} belongs");
        if ((last?.Name ?? null) != (before.ValueKind == JsonValueKind.Null ? null : before.GetString())) throw new FormatException($"key {number} does not name the key before it");
        _keys.Add(new NamedKey(number, name, point, at));
        var message = Canonical.Bytes(statement);
        Collect(line, $"the signature of key {number} under itself", message, whole.Text("signature"), name);
        if (last is not null) Collect(line, $"the signature of key {last.Number} under its successor {number}", message, whole.Text("signature_before"), last.Name);
    }

    /// <exception cref="FormatException">The signature is no signature, or the key is not one of this file.</exception>
    public void Collect(long line, string what, byte[] message, string signature, string key)
    {
        if (!Knows(key)) throw new FormatException($"the key {key} is not among the keys of this file");
        var bytes = Hex.Bytes(signature, Sm2.SignatureLength) ?? throw new FormatException("the signature is not 64 bytes in lower-case hexadecimal");
        _signatures.Add((line, what, message, bytes, key));
    }

    public Finding? FirstForged()
    {
        foreach (var (line, what, message, signature, key) in _signatures)
            if (!Sm2.Verify(Convert.FromHexString(_keys.Find(k => k.Name == key)!.Point), message, signature)) return new Finding(line, null, $"{what} is forged, or what it signs was changed");
        return null;
    }
}
