using System.Text.Json;
using System.Text.Json.Nodes;
using Xiangyun.Replay;
using Xiangyun.Replay.Islands;
using Xiangyun.Replay.Ledger;
using Xiangyun.Replay.Report;

namespace Xiangyun.Unit.Optimizer;

/// <summary>Three small data centres become one cloud, on a recorded day that is made up here.</summary>
public sealed class Islands(ThreeIslands three) : IClassFixture<ThreeIslands>
{
    [Fact]
    public void use_before_follows_from_how_the_servers_were_bought_and_is_below_sixteen_per_cent()
    {
        var story = three.Story;
        var capacity = story.Estate.Hosts[..story.Estate.OldHosts].Sum(h => h.Mips);
        var demand = Enumerable.Range(0, story.Systems.Count).Sum(vm => story.Estate.Trace.Vms[vm].Mips * story.Systems[vm].LevelPct / 100);
        Assert.InRange(story.Accounts.Days[0].UsePct, 100 * demand / capacity * 0.95, 100 * demand / capacity * 1.05);
        Assert.InRange(story.Accounts.Days[0].UsePct, 1, 16);
    }

    [Fact]
    public void every_data_centre_is_closed_and_every_old_server_retired()
    {
        var last = three.Story.Accounts.Days[^1];
        Assert.Equal(3, last.Closed);
        Assert.Equal(three.Story.Estate.OldHosts, last.Retired);
        Assert.All(three.Story.Days, d => Assert.Equal(0, d.MemoryOverTimePct));
    }

    [Fact]
    public void use_rises_and_servers_and_power_fall_from_the_beginning_to_the_end()
    {
        var (first, last) = (three.Story.Accounts.Days[0], three.Story.Accounts.Days[^1]);
        Assert.True(last.UsePct > first.UsePct && last.ServersOn < first.ServersOn, $"{first} -> {last}");
    }

    [Fact]
    public void the_plan_has_each_system_once_and_names_its_samples()
    {
        var rows = IslandsLines.Plan(three.Story).Select(l => JsonNode.Parse(l)!).ToList();
        Assert.Equal(three.Story.Systems.Count, rows.Select(r => (string)r["system"]!).Distinct().Count());
        Assert.Equal(Enumerable.Range(1, rows.Count), rows.Select(r => (int)r["row"]!));
        Assert.All(rows, r => Assert.InRange((double)r["landing_mips"]!, 0, (double)r["promised_mips"]!));
    }

    [Fact]
    public void a_ledger_as_it_was_written_is_right() => Assert.Empty(three.Check(three.Lines()));

    [Fact]
    public void json_says_before_and_after()
    {
        var total = JsonNode.Parse(IslandsLines.Json(three.Story).Last())!;
        Assert.Equal("total", (string?)total["kind"]);
        Assert.True((double)total["use_pct_after"]! > (double)total["use_pct_before"]!);
    }

    [Fact]
    public void any_changed_number_is_found()
    {
        var numbers = three.Lines().SelectMany((line, i) => Paths(line).Select(p => (Line: i, Path: p))).ToList();
        Assert.True(numbers.Count > 500);
        foreach (var (line, path) in numbers.Where((_, i) => i % Math.Max(1, numbers.Count / 60) == 0))
        {
            var lines = three.Lines();
            Change(lines[line], path);
            Assert.True(three.Check(lines).Count > 0, $"line {line + 1}, {path}: a changed number was not found");
        }
    }

    [Fact]
    public void a_line_left_out_is_found()
    {
        foreach (var kind in new[] { "server", "day", "total" })
        {
            var lines = three.Lines().ToList();
            lines.Remove(lines.Last(l => (string?)l["line"] == kind));
            Assert.NotEmpty(three.Check(lines));
        }
    }

    [Fact]
    public void prices_of_ones_own_change_money_and_nothing_else()
    {
        var (dear, cheap) = (new Accounts(three.Story.Book with { Prices = new Prices { Kwh = 2 } }), three.Story.Accounts);
        Assert.Equal(cheap.KwhSaved, dear.KwhSaved, 9);
        Assert.Equal(cheap.Saved.Energy / 0.7 * 2, dear.Saved.Energy, 6);
    }

    private static IEnumerable<string[]> Paths(JsonNode? node, params string[] at) => node switch
    {
        JsonObject o => o.SelectMany(m => Paths(m.Value, [.. at, m.Key])),
        JsonArray a => a.SelectMany((n, i) => Paths(n, [.. at, i.ToString()])),
        JsonValue v when v.GetValueKind() == JsonValueKind.Number => [at],
        _ => [],
    };

    private static void Change(JsonNode node, string[] path)
    {
        foreach (var name in path[..^1]) node = node is JsonArray array ? array[int.Parse(name)]! : node[name]!;
        var changed = (node is JsonArray list ? list[int.Parse(path[^1])]! : node[path[^1]]!).GetValue<double>() + 1;
        if (node is JsonArray into) into[int.Parse(path[^1])] = changed;
        else node[path[^1]] = changed;
    }
}
