using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Ec2;

/// <summary>A signed request as the service that received it describes it.</summary>
internal sealed record Ec2Wish(string Access, string Signature, string Host, string Verb, string Path, IReadOnlyDictionary<string, string> Params, IReadOnlyDictionary<string, string> Headers, string? BodyHash)
{
    /// <summary>Clients say credentials or, older, ec2Credentials.</summary>
    public static Ec2Wish Read(Fields body)
    {
        var given = body.ObjectOr("credentials") ?? body.ObjectOr("ec2Credentials") ?? throw CloudError.Invalid("Expecting to find credentials.");
        var headers = Texts(given.ObjectOr("headers")).ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value);
        return new Ec2Wish(given.Text("access", 1), given.Text("signature", 1), given.TextOr("host", 0, 1024) ?? "", given.TextOr("verb", 0, 16) ?? "", given.TextOr("path", 0, 4096) ?? "",
            Texts(given.ObjectOr("params")), headers, given.TextOr("body_hash", 0, 128));
    }

    private static Dictionary<string, string> Texts(Fields? map) => map?.Names.ToList().ToDictionary(n => n, n => map.TextOr(n, 0, 65_535) ?? "") ?? [];
}
