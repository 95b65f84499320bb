using System.Text.Json.Nodes;

namespace Xiangyun.Testing;

/// <summary>What many tests need before they begin: a network, a flavor, an image, a server.</summary>
public static class Errands
{
    private static readonly byte[] RawDisk = new byte[1 << 20];

    /// <summary>A network with one IPv4 subnet.</summary>
    /// <returns>Id of the network.</returns>
    public static async Task<string> NewNetwork(this Client who, string cidr = "10.20.0.0/16")
    {
        var id = (string)(await who.Post("/network/v2.0/networks", new { network = new { name = Cloud.Name("net") } })).Is(201)["network"]["id"]!;
        (await who.Post("/network/v2.0/subnets", new { subnet = new { network_id = id, ip_version = 4, cidr } })).Is(201);
        return id;
    }

    public static async Task<string> NewFlavor(this Cloud cloud, int vcpus = 1, int ram = 64, int disk = 1) =>
        (string)(await cloud.Admin.Post("/compute/v2.1/flavors", new { flavor = new { name = Cloud.Name("flavor"), vcpus, ram, disk } })).Is(200)["flavor"]["id"]!;

    /// <summary>A public image with one MiB of data.</summary>
    public static async Task<string> NewImage(this Cloud cloud)
    {
        var id = (string)(await cloud.Admin.Post("/image/v2/images", new { name = Cloud.Name("image"), disk_format = "raw", container_format = "bare", visibility = "public" })).Is(201)["id"]!;
        (await cloud.Admin.Send(HttpMethod.Put, $"/image/v2/images/{id}/file", RawDisk, "application/octet-stream")).Is(204);
        return id;
    }

    /// <summary>Waits for ACTIVE, or for ERROR when a fault is what the test wants to see.</summary>
    public static Task<Reply> Settled(this Client who, string serverId, TimeSpan? within = null) => Wait.For($"server {serverId} is ACTIVE or ERROR",
        () => who.Get($"/compute/v2.1/servers/{serverId}"), reply => reply.Status == 200 && (string)reply["server"]["status"]! is "ACTIVE" or "ERROR", within);

    public static JsonObject ServerBody(string name, string flavor, string image, string network) => new()
    {
        ["server"] = new JsonObject
        {
            ["name"] = name, ["flavorRef"] = flavor, ["imageRef"] = image, ["networks"] = new JsonArray(new JsonObject { ["uuid"] = network }),
        },
    };
}
