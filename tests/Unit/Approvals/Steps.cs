using Xiangyun.Approvals.Rules;

namespace Xiangyun.Unit.Approvals;

public sealed class Steps
{
    private const long Hour = 3_600_000;
    private static readonly string[] Path = ["system", "department", "bureau", "cloud"];

    private static Step At(string at, long hours = 0, bool escalate = false) => new("manager", at, [], ["deputy"], hours, escalate);

    [Theory]
    [InlineData("project", "system")]
    [InlineData("parent", "department")]
    [InlineData("domain", "bureau")]
    [InlineData("cloud", "cloud")]
    [InlineData("department", "department")]
    public void a_place_is_a_node_seen_from_where_something_is_asked_for(string at, string node) => Assert.Equal(node, At(at).From(Path).At);

    [Fact]
    public void seen_from_the_cloud_every_place_is_the_cloud() => Assert.All(Step.Places, at => Assert.Equal("cloud", At(at).From(["cloud"]).At));

    [Theory]
    [InlineData(0, "")]
    [InlineData(23, "")]
    [InlineData(24, "bureau")]
    [InlineData(48, "bureau cloud")]
    [InlineData(5000, "bureau cloud")]
    public void each_full_due_time_lets_one_node_further_up_decide(int hours, string nodes) =>
        Assert.Equal(nodes, string.Join(' ', At("department", 24, escalate: true).EscalatedTo(Path, 1000, 1000 + hours * Hour)));

    [Fact]
    public void without_escalation_time_changes_nothing() => Assert.Empty(At("department", 24).EscalatedTo(Path, 0, 5000 * Hour));

    [Fact]
    public void steps_survive_being_kept() => Assert.Equal(Step.Text([At("domain", 3, true)]), Step.Text(Step.Parse(Step.Text([At("domain", 3, true)]))));
}
