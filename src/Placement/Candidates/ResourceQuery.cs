using Xiangyun.Kernel;

namespace Xiangyun.Placement.Candidates;

/// <summary><c>VCPU:4,MEMORY_MB:2048</c></summary>
internal static class ResourceQuery
{
    public static Dictionary<string, long> Parse(string text)
    {
        var found = new Dictionary<string, long>();
        foreach (var part in text.Split(','))
            if (part.Split(':') is not [{ Length: > 0 } name, var amount] || !long.TryParse(amount, out var number) || number < 1 || !found.TryAdd(name, number))
                throw CloudError.Invalid($"Badly formed resources parameter. Expected resources=VCPU:1,MEMORY_MB:1024. Got: '{(text.Length > 80 ? text[..80] : text)}'.");
        return found;
    }
}
