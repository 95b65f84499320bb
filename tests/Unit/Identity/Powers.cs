using Xiangyun.Identity.Credentials;
using Xiangyun.Identity.Roles;
using Xiangyun.Kernel;
using static Xiangyun.Identity.Roles.ManagerRules;

namespace Xiangyun.Unit.Identity;

public sealed class Powers
{
    private static readonly Actor Manager = new() { UserId = "m", UserName = "m", UserDomainId = "bureau", DomainId = "bureau", Roles = new HashSet<string> { "manager", "member", "reader" } };

    [Theory]
    [InlineData("member", "bureau", false)]
    [InlineData("a-role-of-ours", "bureau", false)]
    [InlineData("admin", "bureau", true)]
    [InlineData("service", "bureau", true)]
    [InlineData("reader", "another", true)]
    [InlineData("reader", null, true)]
    public void a_user_is_beyond_a_manager_when_it_holds_more_or_elsewhere(string role, string? domain, bool beyond) => Assert.Equal(beyond, Beyond(Manager, [new Power(role, domain)]));

    [Fact]
    public void a_manager_hands_out_only_what_it_holds()
    {
        Assert.True(MayHandOut(Manager, ["member", "reader"]));
        Assert.False(MayHandOut(Manager, ["member", "admin"]));
        Assert.True(MayHandOut(Manager with { Roles = new HashSet<string> { "admin" } }, ["anything"]));
    }

    [Fact]
    public void everything_reachable_is_found_and_a_circle_ends()
    {
        var steps = new[] { ("admin", "manager"), ("manager", "member"), ("member", "reader"), ("reader", "admin") }.ToLookup(s => s.Item1, s => s.Item2);
        Assert.Equal(["admin", "manager", "member", "reader"], Closure.Of(["manager"], steps).Order());
        Assert.Equal(["alone"], Closure.Of(["alone"], steps));
    }

    [Fact]
    public void an_expiry_reads_back_to_the_microsecond()
    {
        var (ms, micros) = ExpiryWire.Read("2030-01-31T12:00:00.677391");
        Assert.Equal("2030-01-31T12:00:00.677391", ExpiryWire.Text(ms!.Value, micros));
        Assert.Equal((null, 0L), ExpiryWire.Read(null));
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<CloudError>(() => ExpiryWire.Read("tomorrow")).Kind);
    }
}
