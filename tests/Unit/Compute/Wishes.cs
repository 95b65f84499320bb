using System.Text.Json;
using Xiangyun.Compute.Flavors;
using Xiangyun.Compute.Proxies;
using Xiangyun.Compute.Servers;
using Xiangyun.Compute.Tags;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Unit.Compute;

/// <summary>What callers may ask of Compute, before any row is looked at.</summary>
public sealed class Wishes
{
    private static Fields Body(string json) => new(JsonDocument.Parse(json).RootElement, "");

    [Theory]
    [InlineData("blue", true)]
    [InlineData("", false)]
    [InlineData("a/b", false)]
    [InlineData("a,b", false)]
    public void a_tag_is_a_short_word_without_slash_and_comma(string tag, bool right)
    {
        if (right) Assert.Equal(tag, TagRules.Checked(tag));
        else Assert.Throws<CloudError>(() => TagRules.Checked(tag));
    }

    [Fact]
    public void a_server_has_at_most_fifty_tags_and_equal_ones_count_once()
    {
        Assert.Single(TagRules.Checked(["a", "a"]));
        Assert.Throws<CloudError>(() => TagRules.Checked([.. Enumerable.Range(0, 51).Select(i => $"t{i}")]));
    }

    [Theory]
    [InlineData("hw:cpu_policy", "dedicated", true)]
    [InlineData("hw:cpu_policy", "sometimes", false)]
    [InlineData("hw:numa_nodes", "two", false)]
    [InlineData("hw:nonsense", "1", false)]
    [InlineData("hw:numa_cpus.0", "0,1", true)]
    [InlineData("trait:HW_CPU_X86_AVX", "required", true)]
    [InlineData("trait:HW_CPU_X86_AVX", "maybe", false)]
    [InlineData("vendor:anything", "at all", true)]
    [InlineData("free", "word", true)]
    public void extra_specs_of_known_names_have_known_values(string key, string value, bool right)
    {
        void Check() => ExtraSpecs.Check(new Dictionary<string, string> { [key] = value });
        if (right) Check();
        else Assert.Throws<CloudError>(Check);
    }

    [Theory]
    [InlineData("""{"parent_group_id":"0198c0de-0000-7000-8000-000000000001","ip_protocol":"tcp","from_port":22,"to_port":22}""", true)]
    [InlineData("""{"parent_group_id":"0198c0de-0000-7000-8000-000000000001","ip_protocol":"icmp","from_port":-1,"to_port":-1}""", true)]
    [InlineData("""{"parent_group_id":"0198c0de-0000-7000-8000-000000000001","ip_protocol":"tcp","from_port":23,"to_port":22}""", false)]
    [InlineData("""{"parent_group_id":"0198c0de-0000-7000-8000-000000000001","ip_protocol":"tcp","from_port":65536,"to_port":65536}""", false)]
    [InlineData("""{"parent_group_id":"0198c0de-0000-7000-8000-000000000001"}""", false)]
    [InlineData("""{"parent_group_id":"sg","ip_protocol":"tcp","from_port":1,"to_port":1}""", false)]
    public void an_old_rule_names_its_group_a_protocol_and_a_range_of_ports(string json, bool right)
    {
        if (right) Assert.Equal("0.0.0.0/0", SecurityGroupRule.Read(Body(json)).Cidr);
        else Assert.Throws<CloudError>(() => SecurityGroupRule.Read(Body(json)));
    }

    [Fact]
    public void hints_name_servers_one_or_many_and_unknown_ones_are_ignored()
    {
        const string id = "0198c0de-0000-7000-8000-000000000001";
        var hints = PlacementHints.Read(Body($$"""{"same_host":"{{id}}","different_host":["{{id}}"],"nonsense":7}"""));
        Assert.Equal([id], hints.SameHost);
        Assert.Equal([id], hints.DifferentHost);
        Assert.Null(hints.GroupId);
        Assert.Throws<CloudError>(() => PlacementHints.Read(Body("""{"same_host":"host1"}""")));
    }
}
