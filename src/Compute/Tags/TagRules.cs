using Xiangyun.Kernel;

namespace Xiangyun.Compute.Tags;

/// <summary>What a tag may be: a word of at most 60 characters without the two that URLs and filters need; 50 of them on one server.</summary>
internal static class TagRules
{
    public const int Most = 50;

    public static string Checked(string tag)
    {
        if (tag.Length is 0 or > 60) throw CloudError.Invalid($"Tag '{(tag.Length > 60 ? tag[..60] + "..." : tag)}' must be 1 to 60 characters long.");
        if (tag.AsSpan().IndexOfAny('/', ',') >= 0) throw CloudError.Invalid($"Tag '{tag}' must not contain '/' or ','.");
        return tag;
    }

    public static IReadOnlyList<string> Checked(IReadOnlyList<string>? tags)
    {
        var distinct = (tags ?? []).Select(Checked).Distinct().ToList();
        return distinct.Count <= Most ? distinct : throw CloudError.Invalid($"The number of tags exceeded the per-server limit {Most}.");
    }
}
