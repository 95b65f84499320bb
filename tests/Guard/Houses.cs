using Xiangyun.Testing;
using Xiangyun.Wire;

// The clouds of this process end with it, whichever test asked for them.
[assembly: AssemblyFixture(typeof(Clouds))]

namespace Xiangyun.Guard;

public sealed class RouteRights() : CloudTests("sqlite")
{
    [Fact]
    public void every_route_has_a_rule_and_every_writing_route_an_audit_verb()
    {
        Assert.All(Cloud.Routes.All, r => Assert.True(Rules.Known(r.Route.Rule), $"{r.Route.Method} {r.Route.Path}: {r.Route.Rule}"));
        Assert.All(Cloud.Routes.All.Where(r => r.Route.Method is "PUT" or "PATCH" or "DELETE"), r => Assert.False(string.IsNullOrEmpty(r.Route.Audit), $"{r.Route.Method} {r.Route.Path}"));
    }
}
