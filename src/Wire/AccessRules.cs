using Microsoft.AspNetCore.Http;
using Xiangyun.Kernel;

namespace Xiangyun.Wire;

/// <summary>Whether a request is one of those that an application credential was limited to.</summary>
public static class AccessRules
{
    internal static bool Allow(IReadOnlyList<AccessRule> rules, Service service, HttpRequest request)
    {
        var whole = request.Path.Value ?? "/";
        var below = service.Root.Length > 0 && whole.StartsWith(service.Root, StringComparison.OrdinalIgnoreCase) ? whole[service.Root.Length..] : whole;
        return rules.Any(r => service.Types.Contains(r.Service) && r.Method == request.Method && (Fits(r.Path, below) || Fits(r.Path, whole)));
    }

    public static bool Fits(string pattern, string path) => Fits(pattern.Trim('/').Split('/'), path.Trim('/').Split('/'));

    private static bool Fits(ReadOnlySpan<string> pattern, ReadOnlySpan<string> path)
    {
        if (pattern.IsEmpty) return path.IsEmpty;
        if (pattern[0] == "**")
        {
            for (var rest = 0; rest <= path.Length; rest++)
                if (Fits(pattern[1..], path[rest..])) return true;
            return false;
        }
        if (path.IsEmpty) return false;
        var any = pattern[0] == "*" && path[0].Length > 0 || pattern[0] is ['{', _, .., '}'] && path[0].Length > 0;
        return (any || pattern[0] == path[0]) && Fits(pattern[1..], path[1..]);
    }
}
