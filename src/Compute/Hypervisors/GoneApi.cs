using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Hypervisors;

/// <summary>What Nova itself took away or what makes no sense here: clients get the status and the words that tell so.</summary>
internal sealed class GoneApi : IApi
{
    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        const string admin = "compute:manage_hosts", any = "compute:read";
        foreach (var path in new[] { "/os-agents", "/os-cells", "/os-fixed-ips/{id}", "/os-floating-ips-bulk", "/os-floating-ip-dns", "/os-security-group-default-rules", "/os-networks/{id}/action" })
        {
            r.Get(path, admin, Gone);
            r.Post(path, admin, "compute.gone", Gone);
        }
        r.Put("/os-agents/{id}", admin, "compute.gone", Gone);
        r.Delete("/os-agents/{id}", admin, "compute.gone", Gone);
        r.Post("/os-certificates", any, "compute.gone", Gone);
        r.Get("/os-certificates/{id}", any, Gone);
        r.Get("/os-cloudpipe", admin, Gone);
        r.Get("/os-fping", any, Nova.Until(36, Gone));
        r.Get("/os-fping/{id}", any, Nova.Until(36, Gone));
        r.Get("/os-baremetal-nodes", admin, Nova.Until(36, _ => Task.FromResult(Answer.Ok(new JsonObject { ["nodes"] = new JsonArray() }))));
        r.Get("/os-baremetal-nodes/{id}", admin, Nova.Until(36, call => throw CloudError.NotFound($"Node {call["id"]} could not be found: this cloud has no bare metal nodes.")));
        r.Post("/os-assisted-volume-snapshots", admin, "compute.assisted_snapshot", NotOffered);
        r.Delete("/os-assisted-volume-snapshots/{id}", admin, "compute.assisted_snapshot", NotOffered);
    }

    private static Task<Answer> Gone(Call call) => throw new CloudError(ErrorKind.Invalid, "This resource is no longer available: Nova took it away. No forwarding address is given.") { Status = 410 };

    private static Task<Answer> NotOffered(Call call) => throw CloudError.Invalid("Assisted volume snapshots are for volume drivers that cannot snapshot by themselves; this cloud has none of them.");
}
