using System.Buffers.Binary;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace Xiangyun.Api.Identity;

/// <summary>A browser with an authenticator in it, after WebAuthn Level 2: one ES256 key, which its owner unlocks each time.</summary>
internal sealed class Authenticator(string origin) : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _id = RandomNumberGenerator.GetBytes(32);

    /// <summary>What its pages say they are.</summary>
    public string Origin { get; set; } = origin;
    public uint Uses { get; set; }
    /// <summary>Its owner unlocks it.</summary>
    public bool Unlocked { get; set; } = true;

    private static string Text(byte[] bytes) => WebEncoders.Base64UrlEncode(bytes);

    private byte[] Client(string type, JsonNode options) => JsonSerializer.SerializeToUtf8Bytes(new { type, challenge = (string)options["challenge"]!, origin = Origin, crossOrigin = false });

    private byte[] Data(string rp, byte more, params byte[][] rest)
    {
        var count = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, ++Uses);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(rp)), (byte)(1 | (Unlocked ? 4 : 0) | more), .. count, .. rest.SelectMany(r => r)];
    }

    private byte[] PublicKey()
    {
        var point = _key.ExportParameters(false).Q;
        var cbor = new CborWriter(CborConformanceMode.Ctap2Canonical);
        cbor.WriteStartMap(5);
        foreach (var (label, value) in new[] { (1, 2), (3, -7), (-1, 1) }) { cbor.WriteInt32(label); cbor.WriteInt32(value); }
        cbor.WriteInt32(-2);
        cbor.WriteByteString(point.X!);
        cbor.WriteInt32(-3);
        cbor.WriteByteString(point.Y!);
        cbor.WriteEndMap();
        return cbor.Encode();
    }

    /// <summary>navigator.credentials.create</summary>
    public JsonObject Create(JsonNode options)
    {
        var data = Data((string)options["rp"]!["id"]!, 0x40, new byte[16], [0, (byte)_id.Length], _id, PublicKey());
        var cbor = new CborWriter();
        cbor.WriteStartMap(3);
        cbor.WriteTextString("fmt");
        cbor.WriteTextString("none");
        cbor.WriteTextString("attStmt");
        cbor.WriteStartMap(0);
        cbor.WriteEndMap();
        cbor.WriteTextString("authData");
        cbor.WriteByteString(data);
        cbor.WriteEndMap();
        return new JsonObject
        {
            ["id"] = Text(_id), ["rawId"] = Text(_id), ["type"] = "public-key", ["clientExtensionResults"] = new JsonObject(),
            ["response"] = new JsonObject { ["clientDataJSON"] = Text(Client("webauthn.create", options)), ["attestationObject"] = Text(cbor.Encode()), ["transports"] = new JsonArray("internal") },
        };
    }

    /// <summary>navigator.credentials.get</summary>
    public JsonObject Get(JsonNode options, string userId)
    {
        var (data, client) = (Data((string)options["rpId"]!, 0), Client("webauthn.get", options));
        var signature = _key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return new JsonObject
        {
            ["id"] = Text(_id), ["rawId"] = Text(_id), ["type"] = "public-key", ["clientExtensionResults"] = new JsonObject(),
            ["response"] = new JsonObject { ["clientDataJSON"] = Text(client), ["authenticatorData"] = Text(data), ["signature"] = Text(signature), ["userHandle"] = Text(Encoding.UTF8.GetBytes(userId)) },
        };
    }

    public void Dispose() => _key.Dispose();
}
