using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Xiangyun.Kernel;

namespace Xiangyun.Identity.Ec2;

/// <summary>
/// AWS request signatures: version 4 (HMAC-SHA-256 chain) and version 2 of EC2's query API, and the ones of S3 where the
/// service hands over the text that was signed. Versions 0 and 1 are broken and refused.
/// </summary>
internal static class Signing
{
    private const string V4 = "AWS4-HMAC-SHA256";
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(15);

    public static bool Fits(Ec2Wish wish, string secret, DateTimeOffset now)
    {
        if (wish.Headers.TryGetValue("authorization", out var header) && header.StartsWith(V4, StringComparison.Ordinal)) return FitsV4(wish, header, secret, now);
        if (wish.Params.GetValueOrDefault("X-Amz-Algorithm") == V4) return FitsV4(wish, null, secret, now);
        if (wish.Params.GetValueOrDefault("SignatureVersion") != "2") throw CloudError.Unauthorized("Only the signature versions 2 and 4 are offered.");
        if (!IsFresh(wish.Params.GetValueOrDefault("Timestamp"), now)) return false;
        return Query(wish.Host).Any(host => Same(wish.Signature, Convert.ToBase64String(Hmac(wish, secret, $"{wish.Verb}\n{host}\n{wish.Path}\n{Sorted(wish.Params.Where(p => p.Key != "Signature"))}"))));
    }

    /// <summary>S3: the text that was signed comes in base64; that of version 4 names its own scope.</summary>
    public static bool FitsS3(string text, string signature, string secret)
    {
        var lines = text.Split('\n');
        if (lines is [V4, _, var scope, _] && scope.Split('/') is [var day, var region, var service, "aws4_request"]) return Same(signature, Convert.ToHexStringLower(HMACSHA256.HashData(Key(secret, day, region, service), Encoding.UTF8.GetBytes(text))));
        return Same(signature, Convert.ToBase64String(Sha1(secret, text)));
    }

    private static bool FitsV4(Ec2Wish wish, string? header, string secret, DateTimeOffset now)
    {
        var parts = header is null ? [] : header[V4.Length..].Split(',', StringSplitOptions.TrimEntries).Select(p => p.Split('=', 2)).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1]);
        var credential = header is null ? wish.Params.GetValueOrDefault("X-Amz-Credential") : parts.GetValueOrDefault("Credential");
        var names = (header is null ? wish.Params.GetValueOrDefault("X-Amz-SignedHeaders") : parts.GetValueOrDefault("SignedHeaders")) ?? "";
        var date = wish.Headers.GetValueOrDefault("x-amz-date") ?? wish.Params.GetValueOrDefault("X-Amz-Date");
        if (credential?.Split('/') is not [_, var day, var region, var service, "aws4_request"] || !IsFresh(date, now) || !date!.StartsWith(day, StringComparison.Ordinal)) return false;
        var query = Sorted(header is null ? wish.Params.Where(p => p.Key != "X-Amz-Signature") : wish.Verb == "POST" ? [] : wish.Params);
        var signed = string.Concat(names.Split(';').Select(n => $"{n}:{(n == "host" ? wish.Headers.GetValueOrDefault("host") ?? wish.Host : wish.Headers.GetValueOrDefault(n) ?? "").Trim()}\n"));
        var canonical = $"{wish.Verb}\n{wish.Path}\n{query}\n{signed}\n{names}\n{wish.BodyHash ?? "UNSIGNED-PAYLOAD"}";
        var text = $"{V4}\n{date}\n{day}/{region}/{service}/aws4_request\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        return Same(wish.Signature, Convert.ToHexStringLower(HMACSHA256.HashData(Key(secret, day, region, service), Encoding.UTF8.GetBytes(text))));
    }

    private static byte[] Key(string secret, string day, string region, string service) =>
        new[] { day, region, service, "aws4_request" }.Aggregate(Encoding.UTF8.GetBytes("AWS4" + secret), (key, part) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part)));

    private static byte[] Hmac(Ec2Wish wish, string secret, string text) => wish.Params.GetValueOrDefault("SignatureMethod") switch
    {
        "HmacSHA256" => HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)),
        "HmacSHA1" => Sha1(secret, text),
        _ => throw CloudError.Unauthorized("The SignatureMethod must be HmacSHA256 or HmacSHA1."),
    };

#pragma warning disable CA5350 // what these old protocols are made of; version 4 does not use it
    private static byte[] Sha1(string secret, string text) => HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350

    /// <summary>Some clients sign the host with its port, some without.</summary>
    private static IEnumerable<string> Query(string host) => host.LastIndexOf(':') is > 0 and var at ? [host, host[..at]] : [host];

    private static string Sorted(IEnumerable<KeyValuePair<string, string>> parameters) =>
        string.Join('&', parameters.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(p.Value)}"));

    private static bool IsFresh(string? time, DateTimeOffset now) =>
        DateTimeOffset.TryParseExact(time, ["yyyyMMdd'T'HHmmss'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
        && (now - at).Duration() <= Fresh;

    private static bool Same(string given, string right) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(right));
}
