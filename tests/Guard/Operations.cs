using System.Text.RegularExpressions;
using Xiangyun.Wire;

namespace Xiangyun.Guard;

/// <summary>A route as documents name it, with the service's first prefix: <c>GET /network/v2.0/networks/{id}</c>.</summary>
internal static partial class Operations
{
    public static string Name(Service service, Route route) => $"{route.Method} {Path(service, route)}";

    public static string Path(Service service, Route route)
    {
        var path = service.Root + (route.Prefixed ? service.Prefixes[0] : "") + route.Path;
        return path.Length == 0 ? "/" : path;
    }

    /// <summary>The path with its parameters filled in.</summary>
    public static string Fill(Service service, Route route, Func<string, string, string> value)
    {
        var path = Path(service, route);
        return Parameter().Replace(path, m => value(m.Groups[1].Value, path[..m.Index].TrimEnd('/').Split('/')[^1]));
    }

    [GeneratedRegex(@"\{\*{0,2}([a-z_A-Z]+)[^}]*\}")]
    public static partial Regex Parameter();
}
