namespace Xiangyun.Guard;

/// <summary>The source tree that this test was built from.</summary>
internal static class Repository
{
    public static readonly string Root = Find();

    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Our own C# files, without what the build generates.</summary>
    public static IEnumerable<string> Sources(params string[] under) => under.SelectMany(u => Directory.EnumerateFiles(At(u), "*.cs", SearchOption.AllDirectories))
        .Where(f => !f.Contains("/obj/") && !f.Contains("/bin/")).Order(StringComparer.Ordinal);

    /// <summary>Compares a generated file with the one in the tree; XY_REGENERATE=1 writes it instead.</summary>
    public static void IsFresh(string text, params string[] parts)
    {
        var file = At(parts);
        if (Environment.GetEnvironmentVariable("XY_REGENERATE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
        var there = File.Exists(file) ? File.ReadAllText(file) : "";
        var (ours, theirs) = (text.Split('\n'), there.Split('\n'));
        var missing = ours.Except(theirs).Take(10).Select(l => "+ " + l);
        var stale = theirs.Except(ours).Take(10).Select(l => "- " + l);
        Assert.True(text == there, $"{Path.Combine(parts)} is not fresh. Look at the difference, then write it anew: XY_REGENERATE=1 and run Guard again.\n{string.Join('\n', missing.Concat(stale))}");
    }

    private static string Find()
    {
        for (var at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
            if (File.Exists(Path.Combine(at, "Xiangyun.slnx"))) return at;
        throw new DirectoryNotFoundException("no Xiangyun.slnx above " + AppContext.BaseDirectory);
    }
}
