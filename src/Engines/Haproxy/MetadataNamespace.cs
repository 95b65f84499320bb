using System.Text.Json;
using Xiangyun.Engines.Metadata;
using Xiangyun.Engines.Process;

namespace Xiangyun.Engines.Haproxy;

/// <summary>The namespace, its veth pair and its port on the bridge.</summary>
internal sealed class MetadataNamespace(Place place, string ovs, string bridge)
{
    private const string Engine = "metadata";
    private const string Service = "169.254.169.254/32";

    public async Task Ensure(MetadataSpec spec, CancellationToken ct)
    {
        if (!await Exists(["netns", "exec", place.Namespace, "true"], ct)) await Ip(["netns", "add", place.Namespace], ct);
        if (!await Exists(["-n", place.Namespace, "link", "show", "dev", place.Inner], ct))
            await Ip(["link", "add", place.Outer, "type", "veth", "peer", "name", place.Inner, "netns", place.Namespace], ct);
        await Inside(["link", "set", "lo", "up"], ct);
        await Inside(["link", "set", place.Inner, "address", spec.Mac], ct);
        await Inside(["link", "set", place.Inner, "up"], ct);
        await Ip(["link", "set", place.Outer, "up"], ct);
        await Addresses([.. spec.Cidrs, Service], ct);
        // OVS in user space reads the pair raw: a checksum left to hardware would never be filled in
        await Run.Output(Engine, "offload", "ip", ["netns", "exec", place.Namespace, "ethtool", "-K", place.Inner, "tx", "off"], ct);
        await Run.Output(Engine, "offload", "ethtool", ["-K", place.Outer, "tx", "off"], ct);
        await Run.Output(Engine, "plug", "ovs-vsctl", ["--db=" + ovs, "--timeout=10", "--may-exist", "add-port", bridge, place.Outer,
            "--", "set", "Interface", place.Outer, "external_ids:iface-id=" + spec.PortId], ct);
    }

    public async Task EnsureGone(CancellationToken ct)
    {
        await Run.Output(Engine, "unplug", "ovs-vsctl", ["--db=" + ovs, "--timeout=10", "--if-exists", "del-port", bridge, place.Outer], ct);
        if (await Exists(["link", "show", "dev", place.Outer], ct)) await Ip(["link", "del", place.Outer], ct);
        if (await Exists(["netns", "exec", place.Namespace, "true"], ct)) await Ip(["netns", "del", place.Namespace], ct);
    }

    private async Task Addresses(IReadOnlyList<string> wanted, CancellationToken ct)
    {
        foreach (var cidr in wanted) await Inside(["addr", "replace", cidr, "dev", place.Inner], ct);
        var json = await Run.Output(Engine, "address", "ip", ["-j", "-n", place.Namespace, "addr", "show", "dev", place.Inner], ct);
        using var links = JsonDocument.Parse(json);
        foreach (var address in links.RootElement.EnumerateArray().SelectMany(l => l.GetProperty("addr_info").EnumerateArray()).Where(a => a.GetProperty("scope").GetString() == "global"))
        {
            var cidr = $"{address.GetProperty("local").GetString()}/{address.GetProperty("prefixlen").GetInt32()}";
            if (!wanted.Contains(cidr)) await Inside(["addr", "del", cidr, "dev", place.Inner], ct);
        }
    }

    private Task Inside(string[] arguments, CancellationToken ct) => Ip(["-n", place.Namespace, .. arguments], ct);

    private static Task Ip(string[] arguments, CancellationToken ct) => Run.Output(Engine, "network", "ip", arguments, ct);

    private static async Task<bool> Exists(string[] look, CancellationToken ct) => (await Run.Any(Engine, "look", "ip", look, ct)).ExitCode == 0;
}
