using System.Text.RegularExpressions;
using Xiangyun.Console.Shell;

namespace Xiangyun.Unit.Console;

/// <summary>Both languages are complete, and what the pages ask for is there.</summary>
public sealed partial class Texts
{
    [Fact]
    public void every_text_has_both_languages_with_the_same_places_to_fill()
    {
        foreach (var (key, (chinese, english)) in Words.All)
        {
            Assert.True(chinese.Length > 0 && english.Length > 0, key);
            Assert.Equal(Places(chinese), Places(english));
        }
    }

    [Fact]
    public void english_has_no_chinese_in_it()
    {
        Assert.All(Words.All.Where(w => w.Key is not "shell.product"), w => Assert.DoesNotMatch("[\u4e00-\u9fff]", w.Value.English));
    }

    [Fact]
    public void every_key_that_a_page_asks_for_is_there()
    {
        var sources = Directory.EnumerateFiles(Source(), "*.*", SearchOption.AllDirectories).Where(f => (f.EndsWith(".razor") || f.EndsWith(".cs")) && !f.Contains("/obj/") && !f.Contains("/bin/"));
        var asked = sources.SelectMany(f => Key().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value)).Distinct().ToList();
        Assert.True(asked.Count > 150, "the pattern finds nothing any more");
        Assert.Equal([], asked.Except(Words.All.Keys));
    }

    [Fact]
    public void a_value_without_words_is_shown_as_it_is()
    {
        Assert.Equal("SOMETHING_NEW", new Words("zh", 480).Value("status", "SOMETHING_NEW"));
        Assert.Equal("运行中", new Words("zh", 480).Value("status", "ACTIVE"));
    }

    [Fact]
    public void every_kind_of_thing_that_the_audit_log_or_a_plan_names_has_words()
    {
        var kinds = File.ReadLines(Path.Combine(Source(), "..", "..", "schema", "portraits.txt")).Where(l => l.Length > 0 && l[0] is not ('#' or ' ')).Select(l => l.Split(' ')[0]).Distinct().ToList();
        Assert.True(kinds.Count > 40, "the file is written in another way");
        Assert.Equal([], kinds.Where(k => !Words.All.ContainsKey("object." + k)));
    }

    private static string Places(string text) => string.Join(' ', Place().Matches(text).Select(m => m.Value).Order().Distinct());

    private static string Source()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "Xiangyun.slnx"))) at = Path.GetDirectoryName(at)!;
        return Path.Combine(at, "src", "Console");
    }

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();

    [GeneratedRegex("""W(?:\.Of\(|\[)"([a-z_]+\.[a-z_.]+[a-z_])"[,\])]""")]
    private static partial Regex Key();
}
