using Microsoft.Extensions.Time.Testing;
using Xiangyun.Wire;

namespace Xiangyun.Unit.Audit;

/// <summary>Strangers cannot fill the audit log, and nothing they did is uncounted.</summary>
public sealed class Floods
{
    [Fact]
    public void the_first_hundred_of_an_address_are_kept_and_the_rest_is_counted()
    {
        var flood = new Flood(new FakeTimeProvider());
        Assert.Equal(Flood.PerAddress, Enumerable.Range(0, 250).Count(_ => flood.Take("a")));
        Assert.True(flood.Take("b"));
        Assert.Equal(("a", 150L), Assert.Single(flood.End().Counted));
        Assert.True(flood.Take("a"));
        Assert.Empty(flood.End().Counted);
    }

    [Fact]
    public void changing_addresses_does_not_help()
    {
        var flood = new Flood(new FakeTimeProvider());
        Assert.Equal(Flood.OfAll, Enumerable.Range(0, 5000).Count(i => flood.Take($"{i}")));
        Assert.Equal(3000, flood.End().Counted.Sum(c => c.Count));
    }

    [Theory]
    [InlineData("POST", "/servers", "server.create", 400, true, true)]
    [InlineData("POST", "/servers", "server.create", 500, true, true)]
    [InlineData("POST", "/servers", "server.create", 202, true, false)]
    [InlineData("GET", "/servers", null, 403, true, true)]
    [InlineData("GET", "/servers", null, 401, false, true)]
    [InlineData("GET", "/servers", null, 400, true, false)]
    [InlineData("GET", "/servers/{id}", null, 404, true, true)]
    [InlineData("GET", "/servers/{id}", null, 404, false, false)]
    public void what_is_kept(string method, string path, string? audit, int status, bool known, bool kept)
    {
        var somebody = new Kernel.Actor { UserId = "u", UserName = "u", UserDomainId = "d" };
        Assert.Equal(kept, Refusals.IsKept(new Route(method, path, "token", audit, _ => throw new InvalidOperationException()), known ? somebody : null, status));
    }
}
