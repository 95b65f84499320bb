using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Volume.Admin;

/// <summary>
/// What Cinder needs for its own way of running and this cloud does not: clusters of volume services (there are none), clean-up
/// after a service died (reconcilers do that without being told), adoption of foreign volumes (there is no back end to adopt from).
/// </summary>
internal sealed class ClusterApi : IApi
{
    public Service Service => VolumeService.Service;

    public void Map(Routes r)
    {
        r.Get("/clusters", "volume:admin", VolumeService.Since(7, _ => Task.FromResult(Answer.Ok(new JsonObject { ["clusters"] = new JsonArray() }))));
        r.Get("/clusters/detail", "volume:admin", VolumeService.Since(7, _ => Task.FromResult(Answer.Ok(new JsonObject { ["clusters"] = new JsonArray() }))));
        r.Get("/clusters/{name}", "volume:admin", VolumeService.Since(7, call => throw NoCluster(call["name"])));
        r.Put("/clusters/enable", "volume:admin", "volume_cluster.enable", VolumeService.Since(7, Switch));
        r.Put("/clusters/disable", "volume:admin", "volume_cluster.disable", VolumeService.Since(7, Switch));
        r.Post("/workers/cleanup", "volume:admin", "volume_worker.cleanup", VolumeService.Since(24, Cleanup));
        foreach (var kind in new[] { "volumes", "snapshots" })
        {
            r.Get($"/manageable_{kind}", "volume:admin", VolumeService.Since(8, call => Manageable(call, kind)));
            r.Get($"/manageable_{kind}/detail", "volume:admin", VolumeService.Since(8, call => Manageable(call, kind)));
            r.Post($"/manageable_{kind}", "volume:admin", "volume.manage", VolumeService.Since(8, call => throw CloudError.Invalid($"Foreign {kind} cannot be taken over: upload their content as an image and make a volume of that.")));
        }
    }

    private static async Task<Answer> Switch(Call call)
    {
        var body = await call.Body();
        throw NoCluster(body.Text("name", 1));
    }

    private static CloudError NoCluster(string name) => CloudError.NotFound($"Cluster {name} could not be found: the volume services of this cloud form no clusters.");

    /// <summary>Nothing is ever left half done by a service: what is wanted stands in the database, and whoever runs carries it on.</summary>
    private static async Task<Answer> Cleanup(Call call)
    {
        var body = await call.Body();
        foreach (var name in new[] { "cluster_name", "service_id", "host", "binary", "is_up", "disabled", "resource_id", "resource_type" }) body.Raw(name);
        body.Done();
        return Answer.AcceptedWith(new JsonObject { ["cleaning"] = new JsonArray(), ["unavailable"] = new JsonArray() });
    }

    private static Task<Answer> Manageable(Call call, string kind)
    {
        var cluster = call.AtLeast(17) ? call.QueryOr("cluster") : null;
        if (call.QueryOr("host") is null == cluster is null) throw CloudError.Invalid("Name either host or (from 3.17) cluster.");
        return Task.FromResult(Answer.Ok(new JsonObject { [$"manageable-{kind}"] = new JsonArray() }));
    }
}
