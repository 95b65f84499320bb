using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Xiangyun.Compute;
using Xiangyun.Compute.Servers;
using Xiangyun.Evidence;
using Xiangyun.Fleet.Public;
using Xiangyun.Identity.Tokens;
using Xiangyun.Kernel;
using Xiangyun.Network.Public;
using Xiangyun.Volume.Public;
using Xiangyun.Wire;

namespace Xiangyun.Micro;

/// <summary>What nearly every request runs through, and how many bytes one run of it may allocate.</summary>
public sealed record HotPath(string Name, int Ceiling, Action Run);

/// <summary>
/// The list that <c>bench/Micro</c> times and that a unit test holds to its ceilings: bytes are the same on every machine,
/// milliseconds are not. A ceiling is a tenth above what was measured; whoever raises one says why in the commit.
/// </summary>
public static class HotPaths
{
    private static readonly Actor Caller = new()
    {
        UserId = Id.From("user"), UserName = "user", UserDomainId = "default", ProjectId = Id.From("project"), Roles = new HashSet<string> { "member", "reader" },
    };

    public static IReadOnlyList<HotPath> All { get; } = [OpenToken(), SealToken(), CheckRule(), ReadBody(), WriteServers(), ChainRecord()];

    private static HotPath OpenToken()
    {
        var (seal, ticket) = Token();
        var token = seal.Seal(ticket);
        return new HotPath("open a token", 2_600, () => seal.Open(token));
    }

    private static HotPath SealToken()
    {
        var (seal, ticket) = Token();
        return new HotPath("seal a token", 2_850, () => seal.Seal(ticket));
    }

    private static (TicketSeal, Ticket) Token() => (new TicketSeal(new EphemeralDataProtectionProvider()),
        new Ticket(Id.From("user"), "project", Id.From("project"), ["password"], ["AAECAwQFBgcICQoLDA0ODw"], 1_700_000_000_000, 1_700_003_600_000, null));

    private static HotPath CheckRule() => new("check a rule", 0, () => Rules.Allows("compute:read", Caller));

    private static HotPath ReadBody()
    {
        var json = JsonDocument.Parse("""{"server":{"name":"portal","imageRef":"6f70656e-0000-4000-8000-000000000001","flavorRef":"1","metadata":{"tier":"gold"}}}""").RootElement;
        return new HotPath("read a body", 2_300, () =>
        {
            var server = new Fields(json, "").Object("server");
            _ = (server.Text("name"), server.TextOr("imageRef"), server.TextOr("flavorRef"), server.MapOr("metadata"));
            server.Done();
        });
    }

    /// <summary>A hundred servers as <c>GET /servers/detail</c> shows them to their owner.</summary>
    private static HotPath WriteServers()
    {
        var rows = Enumerable.Range(0, 100).Select(n => new ServerRow { Id = Id.From("server" + n), ProjectId = Id.From("project"), UserId = Id.From("user"), Name = "server-" + n, FlavorId = "1", HostId = Id.From("host") }).ToList();
        var ports = rows.Select(r => new ShownPort(r.Id, "inner", "fa:16:3e:00:00:01", ["10.0.0.5"], ["203.0.113.5"], ["default"])).ToLookup(p => p.ServerId);
        var around = new ServerSurroundings(ports, Array.Empty<AttachmentView>().ToLookup(v => v.ServerId), new Dictionary<string, HostView>());
        var route = new Route("GET", "/servers/detail", "compute:read", null, _ => Task.FromResult(Answer.Accepted));
        return new HotPath("write 100 servers", 248_000, () =>
        {
            var http = new DefaultHttpContext { Response = { Body = Stream.Null } };
            (http.Request.Scheme, http.Request.Host) = ("https", new HostString("cloud.example"));
            ServerWire.Page(new Slice<ServerRow>(rows, false), around, new Call(http, Nova.Service, route, Caller, "req-1")).Write!(http).GetAwaiter().GetResult();
        });
    }

    private static HotPath ChainRecord()
    {
        var record = Encoding.UTF8.GetBytes("""{"action":"server.create","actor":"portal-admin","at":"2026-01-01T00:00:00Z","object":"6f70656e-0000-4000-8000-000000000001","request":"req-1"}""");
        return new HotPath("chain an audit record", 1_360, () => Chain.Next(Chain.Beginning, Sm3.Of(record)));
    }
}
