using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Unit.Identity;

/// <summary>A bureau's own role, with every rule that there is in it, at every place: never more than the manager of that place.</summary>
public sealed class DelegableRules
{
    private static Actor At(string scope) => new() { UserId = "u", UserName = "u", UserDomainId = "d", ProjectId = scope == "project" ? "p" : null, DomainId = scope == "domain" ? "d" : null, SystemScope = scope == "system" };

    [Theory, InlineData("project"), InlineData("domain")]
    public void a_role_of_every_rule_lets_pass_what_a_manager_there_may_and_nothing_else(string scope)
    {
        var (manager, own) = (At(scope) with { Roles = new HashSet<string> { "manager", "member", "reader" } }, At(scope) with { Rules = Rules.All.Keys.ToHashSet() });
        foreach (var rule in Rules.All.Keys) Assert.Equal((rule, Rules.Allows(rule, manager)), (rule, Rules.Allows(rule, own)));
    }

    [Fact]
    public void without_the_rule_in_it_the_role_lets_nothing_pass()
    {
        var none = At("project") with { Rules = new HashSet<string>() };
        foreach (var rule in Rules.All.Where(r => !r.Value.Contains("any") && !r.Value.Contains("anyone"))) Assert.False(Rules.Allows(rule.Key, none), rule.Key);
    }
}
