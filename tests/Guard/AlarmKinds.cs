using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Console.Shell;
using Xiangyun.Operations.Alarms;
using Xiangyun.Store.Alarms;
using Xiangyun.Store.Tasks;
using Xiangyun.Testing;

namespace Xiangyun.Guard;

/// <summary>Whoever is told that something is wrong finds out what to do: each kind has its page, its words in both languages, and limits with a range.</summary>
public sealed class AlarmKinds() : CloudTests("sqlite")
{
    private IReadOnlyList<AlarmKind> All => [.. Cloud.Services.GetServices<IAlarmSource>().SelectMany(s => s.Kinds)];

    [Fact]
    public void each_kind_has_a_page_that_says_what_to_do()
    {
        foreach (var kind in All)
        {
            var page = Repository.At($"docs/ops/{kind.Page}.md");
            Assert.True(File.Exists(page), $"{page} is missing");
            var text = File.ReadAllText(page);
            foreach (var part in new[] { "**Means.**", "**Look.**", "**Do.**" }) Assert.True(text.Contains(part), $"{page} lacks {part}");
            foreach (var limit in kind.Limits) Assert.True(text.Contains($"`{limit.Name}`"), $"{page} does not name the limit {limit.Name}");
            Assert.Contains($"({kind.Page}.md)", File.ReadAllText(Repository.At("docs/ops/README.md")));
        }
    }

    [Fact]
    public void each_kind_is_said_in_both_languages_with_the_same_values()
    {
        foreach (var kind in All)
        {
            Assert.True(Words.All.TryGetValue("alarm." + kind.Name, out var name), $"no words alarm.{kind.Name}");
            Assert.True(Words.All.TryGetValue("alarm_says." + kind.Name, out var says), $"no words alarm_says.{kind.Name}");
            string[] Values(string text) => [.. Kinds.Brace().Matches(text).Select(m => m.Value).Distinct().Order()];
            Assert.Equal(Values(kind.English), Values(says.English));
            Assert.Equal(Values(kind.English), Values(says.Chinese));
            Assert.NotEqual(name.English, name.Chinese);
        }
    }

    [Fact]
    public void limits_have_names_of_their_kind_and_defaults_within_their_range()
    {
        foreach (var kind in All)
            foreach (var limit in kind.Limits)
            {
                Assert.StartsWith(kind.Name + ".", limit.Name);
                Assert.InRange(limit.Default, limit.Least, limit.Most);
            }
        Assert.Equal(All.Count, All.DistinctBy(k => k.Name).Count());
    }

    [Fact]
    public void sources_of_tasks_have_names_of_their_own()
    {
        var names = Cloud.Services.GetServices<ITaskSource>().Select(s => s.Name).ToList();
        Assert.Equal(names.Distinct(), names);
        Assert.All(names, n => Assert.DoesNotContain('.', n));
    }
}
