using System.Globalization;
using Microsoft.AspNetCore.Http;
using Xiangyun.Kernel;

namespace Xiangyun.Wire;

/// <summary>A microversion such as 2.93; compared number by number.</summary>
public readonly record struct Microversion(int Major, int Minor) : IComparable<Microversion>
{
    public static Microversion? Parse(string text)
    {
        var parts = text.Split('.');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor) ? new Microversion(major, minor) : null;
    }

    public int CompareTo(Microversion other) => (Major, Minor).CompareTo((other.Major, other.Minor));
    public static bool operator <(Microversion a, Microversion b) => a.CompareTo(b) < 0;
    public static bool operator >(Microversion a, Microversion b) => a.CompareTo(b) > 0;
    public static bool operator <=(Microversion a, Microversion b) => a.CompareTo(b) <= 0;
    public static bool operator >=(Microversion a, Microversion b) => a.CompareTo(b) >= 0;
    public override string ToString() => $"{Major}.{Minor}";
}

/// <summary>
/// The range that a service offers and how it is asked for: <c>OpenStack-API-Version: compute 2.93</c>, for Compute
/// also the older header of its own. Without a header the lowest version is spoken; <c>latest</c> means the highest.
/// </summary>
public sealed record Microversions(string ServiceType, Microversion Min, Microversion Max, string? OwnHeader = null)
{
    private const string Header = "OpenStack-API-Version";

    /// <summary>Reads the wanted version and writes the answer's headers; outside of the range it is refused with 406.</summary>
    public Microversion Negotiate(HttpContext http)
    {
        var wanted = Wanted(http.Request.Headers);
        var spoken = wanted is null ? Min : wanted == "latest" ? Max : Microversion.Parse(wanted)
            ?? throw CloudError.Invalid($"API Version String '{wanted}' is of invalid format. It must be of format 'MajorNum.MinorNum'.");
        var headers = http.Response.Headers;
        headers[Header] = $"{ServiceType} {spoken}";
        headers.Append("Vary", Header);
        if (OwnHeader is not null)
        {
            headers[OwnHeader] = spoken.ToString();
            headers.Append("Vary", OwnHeader);
        }
        if (spoken < Min || spoken > Max)
            throw new CloudError(ErrorKind.Invalid, $"Version {spoken} is not supported by the API. Minimum is {Min} and maximum is {Max}.") { Status = 406 };
        return spoken;
    }

    private string? Wanted(IHeaderDictionary headers)
    {
        foreach (var value in headers[Header])
            foreach (var part in (value ?? "").Split(',', StringSplitOptions.TrimEntries))
                if (part.Split(' ', 2, StringSplitOptions.TrimEntries) is [var type, var version] && type == ServiceType) return version;
        return OwnHeader is null ? null : headers[OwnHeader].FirstOrDefault();
    }
}
