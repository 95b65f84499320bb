using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Testing;

namespace Xiangyun.Guard;

/// <summary>One object of each kind that belongs to somebody, found again by the collection that stands before it in a path.</summary>
internal sealed class Belongings
{
    private readonly Dictionary<string, string> _byCollection = [];
    private readonly List<string> _paths = [];

    /// <summary>Where the owner reads them.</summary>
    public IReadOnlyList<string> Paths => _paths;

    public static async Task<Belongings> Of(Client owner)
    {
        var all = new Belongings();
        var network = await all.Make(owner, "/network/v2.0/networks", "network", new { name = "mine" });
        await all.Make(owner, "/network/v2.0/subnets", "subnet", new { network_id = network, ip_version = 4, cidr = "10.9.0.0/24" });
        await all.Make(owner, "/network/v2.0/ports", "port", new { network_id = network });
        await all.Make(owner, "/network/v2.0/routers", "router", new { name = "mine" });
        var group = await all.Make(owner, "/network/v2.0/security-groups", "security_group", new { name = "mine" });
        await all.Make(owner, "/network/v2.0/security-group-rules", "security_group_rule", new { security_group_id = group, direction = "ingress", protocol = "tcp", port_range_min = 22, port_range_max = 22 });
        await all.Make(owner, "/image/v2/images", null, new { name = "mine", disk_format = "raw", container_format = "bare", visibility = "private" });
        await all.Make(owner, $"/volume/v3/{owner.ProjectId}/volumes", "volume", new { name = "mine", size = 1 });
        all._byCollection["projects"] = owner.ProjectId;
        all._byCollection["users"] = owner.UserId;
        all._byCollection["quotas"] = owner.ProjectId;
        all._byCollection["os-quota-sets"] = owner.ProjectId;
        return all;
    }

    private async Task<string> Make(Client owner, string path, string? wrap, object body)
    {
        var reply = await owner.Post(path, wrap is null ? body : new Dictionary<string, object> { [wrap] = body });
        Assert.True(reply.Status is 201 or 202 or 200, reply.ToString());
        var id = (string)(wrap is null ? reply["id"] : reply[wrap]["id"]!)!;
        _byCollection[path.Split('/')[^1]] = id;
        _paths.Add($"{path}/{id}");
        return id;
    }

    /// <param name="name">Name of the path's parameter.</param>
    /// <param name="after">The segment before it.</param>
    public string For(string name, string after, Client stranger) =>
        name == "project_id" && after is "v3" or "v2.1" ? stranger.ProjectId : _byCollection.GetValueOrDefault(after) ?? Id.New();
}
