using System.Net;
using Xiangyun.Client.Records;
using Xiangyun.Console.Kit;
using Xiangyun.Console.Kit.Table;
using Xiangyun.Console.Pages.Networks;

namespace Xiangyun.Unit.Console;

/// <summary>Tables remember in the address, exports run nothing, and reach is answered from the rules.</summary>
public sealed class Tables
{
    [Fact]
    public void what_a_table_shows_survives_the_address()
    {
        var state = ListState.Read("https://x/console/servers").With("name", "政务 & 网").SortedBy("created_at").SortedBy("created_at") with { Size = 100, Marker = "a/b", Page = 3, Toggled = ["host"] };
        var again = ListState.Read("https://x/console/servers" + state.Query());
        Assert.Equal(state.Query(), again.Query());
        Assert.Equal("政务 & 网", again.Filter("name"));
        Assert.True(again is { Descending: true, Size: 100, Page: 3, Marker: "a/b" });
    }

    [Fact]
    public void another_filter_or_order_begins_at_the_first_page()
    {
        var state = ListState.Read("https://x/?page=4&marker=m");
        Assert.Null(state.With("name", "x").Marker);
        Assert.Equal(1, state.SortedBy("name").Page);
    }

    [Theory]
    [InlineData("=HYPERLINK(1)", "'=HYPERLINK(1)")]
    [InlineData("-12.5", "-12.5")]
    [InlineData("a\"b,c", "\"a\"\"b,c\"")]
    public void a_cell_of_an_export_is_never_a_formula(string value, string cell) => Assert.Equal(cell, Csv.Cell(value));

    [Theory]
    [InlineData("10.1.2.3", "tcp", 22, true)]
    [InlineData("192.0.2.1", "tcp", 22, false)]
    [InlineData("192.0.2.1", "tcp", 443, true)]
    [InlineData("192.0.2.1", "udp", 443, false)]
    [InlineData("2001:db8::1", "tcp", 443, false)]
    public void a_group_answers_who_reaches_what(string from, string protocol, int port, bool reached)
    {
        var group = new SecurityGroup("g", "web", null,
            [
                new("1", "ingress", "IPv4", "tcp", 443, 443, "0.0.0.0/0", null), new("2", "ingress", "IPv4", "tcp", 22, 22, "10.0.0.0/8", null),
                new("3", "egress", "IPv4", null, null, null, null, null), new("4", "ingress", "IPv4", null, null, null, null, "g"),
            ], null);
        Assert.Equal(reached, Reach.Allows(group, IPAddress.Parse(from), protocol, port) is not null);
    }

    [Fact]
    public void a_secret_for_an_authenticator_is_base32() => Assert.Equal("MZXW6YTBOI", Base32.Write("foobar"u8));
}
