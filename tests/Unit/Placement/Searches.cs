using Xiangyun.Placement;
using Xiangyun.Placement.Candidates;

namespace Xiangyun.Unit.Placement;

public sealed class Searches
{
    private readonly List<ProviderRow> _providers = [];
    private readonly List<InventoryRow> _inventories = [];

    private void Add(string id, string? parent, string traits = "", string aggregates = "", params (string Class, long Total)[] inventory)
    {
        static string Json(string words) => System.Text.Json.JsonSerializer.Serialize(words.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        _providers.Add(new ProviderRow { Id = id, Name = id, ParentId = parent, Traits = Json(traits), Aggregates = Json(aggregates) });
        _inventories.AddRange(inventory.Select(i => new InventoryRow { ProviderId = id, Class = i.Class, Total = i.Total, MaxUnit = i.Total }));
    }

    private static Group Of(string suffix, string? traits, params (string Class, long Amount)[] resources) => new(suffix, resources.ToDictionary(r => r.Class, r => r.Amount),
        traits is null ? TraitWish.None : new TraitWish([.. traits.Split(' ').Select(t => (IReadOnlySet<string>)t.Split('|').ToHashSet())], new HashSet<string>()), AggregateWish.None, null);

    private List<string> Find(IReadOnlyList<Group> groups, bool apart = false, TraitWish? root = null, bool nested = true, params string[] subtree) =>
        [.. new Search(new Forest(_providers, _inventories), new Request(groups, apart, root ?? TraitWish.None, subtree.Length == 0 ? [] : [subtree.ToHashSet()], int.MaxValue), nested).All()
            .Select(c => string.Join(' ', c.Mapping.OrderBy(m => m.Key).Select(m => $"{m.Key}:{string.Join(',', m.Value.Select(n => n.Id).Order())}")))];

    /// <summary>A host with memory and two NUMA nodes, in each of which there are cores and a device.</summary>
    private void Numa()
    {
        Add("host", null, "ROOT", "", ("MEMORY_MB", 1024));
        Add("numa0", "host", "", "", ("VCPU", 4));
        Add("numa1", "host", "", "", ("VCPU", 4));
        Add("dev0", "numa0", "FAST", "", ("FPGA", 1));
        Add("dev1", "numa1", "SLOW", "", ("FPGA", 1));
    }

    [Fact]
    public void the_group_without_a_suffix_is_spread_over_a_tree()
    {
        Numa();
        Assert.Equal([":host,numa0", ":host,numa1"], Find([Of("", null, ("MEMORY_MB", 512), ("VCPU", 2))]));
        Assert.Empty(Find([Of("", null, ("MEMORY_MB", 512), ("VCPU", 2))], nested: false));
    }

    [Fact]
    public void a_suffixed_group_comes_from_one_provider_and_isolate_keeps_them_apart()
    {
        Numa();
        Assert.Empty(Find([Of("1", null, ("MEMORY_MB", 512), ("VCPU", 2))]));
        Assert.Equal(4, Find([Of("1", null, ("VCPU", 2)), Of("2", null, ("VCPU", 2))]).Count);
        Assert.Equal(["1:numa0 2:numa1", "1:numa1 2:numa0"], Find([Of("1", null, ("VCPU", 2)), Of("2", null, ("VCPU", 2))], apart: true));
        // Two groups of three do not go into one provider of four.
        Assert.Equal(2, Find([Of("1", null, ("VCPU", 3)), Of("2", null, ("VCPU", 3))]).Count);
    }

    [Fact]
    public void same_subtree_brings_cores_and_device_together()
    {
        Numa();
        var groups = new[] { Of("_CPU", null, ("VCPU", 1)), Of("_DEV", null, ("FPGA", 1)) };
        Assert.Equal(4, Find(groups).Count);
        Assert.Equal(["_CPU:numa0 _DEV:dev0", "_CPU:numa1 _DEV:dev1"], Find(groups, subtree: ["_CPU", "_DEV"]));
    }

    [Fact]
    public void any_of_several_traits_and_the_traits_of_the_root_are_looked_at()
    {
        Numa();
        Assert.Equal(["1:dev0", "1:dev1"], Find([Of("1", "FAST|SLOW", ("FPGA", 1))]));
        Assert.Equal(["1:dev0"], Find([Of("1", "FAST", ("FPGA", 1))]));
        Assert.Single(Find([Of("1", "FAST", ("FPGA", 1))], root: new TraitWish([new HashSet<string> { "ROOT" }], new HashSet<string>())));
        Assert.Empty(Find([Of("1", "FAST", ("FPGA", 1))], root: new TraitWish([], new HashSet<string> { "ROOT" })));
    }

    [Fact]
    public void what_shares_by_an_aggregate_gives_to_the_hosts_of_that_aggregate()
    {
        Add("a", null, "", "rack", ("VCPU", 4));
        Add("b", null, "", "", ("VCPU", 4));
        Add("pool", null, Node.Shares, "rack", ("DISK_GB", 100));
        Assert.Equal([":a,pool"], Find([Of("", null, ("VCPU", 1), ("DISK_GB", 10))]));
    }
}
