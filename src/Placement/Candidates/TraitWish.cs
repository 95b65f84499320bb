using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Placement.Candidates;

/// <summary>What is demanded of a provider's traits: one of each set, and none of the forbidden ones.</summary>
internal sealed record TraitWish(IReadOnlyList<IReadOnlySet<string>> Required, IReadOnlySet<string> Forbidden)
{
    public static readonly TraitWish None = new([], new HashSet<string>());

    public IEnumerable<string> Names => Required.SelectMany(s => s).Concat(Forbidden);

    public bool Empty => Required.Count == 0 && Forbidden.Count == 0;

    public bool Fits(IReadOnlySet<string> traits) => Required.All(any => any.Overlaps(traits)) && !Forbidden.Overlaps(traits);

    /// <summary><c>A,!B</c>; from 1.39 also <c>in:A,B</c>, and the parameter may come several times.</summary>
    public static TraitWish Read(Call call, string name, bool mayForbid)
    {
        if (call.QueryOr(name) is not { } last) return None;
        var (required, forbidden) = (new List<IReadOnlySet<string>>(), new HashSet<string>());
        foreach (var text in call.AtLeast(39) ? call.QueryAll(name) : [last])
        {
            if (call.AtLeast(39) && text.StartsWith("in:", StringComparison.Ordinal))
            {
                required.Add(text[3..].Split(',').Select(t => t.Length > 0 && t[0] != '!' ? t : throw Wrong(name)).ToHashSet());
                continue;
            }
            foreach (var trait in text.Split(','))
            {
                if (trait.TrimStart('!').Length == 0 || trait[0] == '!' && !mayForbid) throw Wrong(name);
                if (trait[0] == '!') forbidden.Add(trait[1..]);
                else required.Add(new HashSet<string> { trait });
            }
        }
        if (required.Any(any => any.Count == 1 && forbidden.Overlaps(any))) throw CloudError.Invalid($"Conflicting required and forbidden traits in '{name}'.");
        return new TraitWish(required, forbidden);
    }

    private static CloudError Wrong(string name) => CloudError.Invalid($"Invalid query string parameters: expected '{name}' parameter value of the form: HW_CPU_X86_VMX,CUSTOM_MAGIC.");
}
