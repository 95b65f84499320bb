using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Quotas;

/// <summary>GET /limits: what a project may have and has. Network's part went with 2.36, images' metadata with 2.39, files with 2.57.</summary>
internal sealed class LimitsApi(Database database, Neighbour neighbour) : IApi
{
    public Service Service => Nova.Service;

    public void Map(Routes r) => r.Get("/limits", "compute:read_quota", Show);

    private async Task<Answer> Show(Call call)
    {
        Nova.OnlyQuery(call, 75, "tenant_id", "reserved");
        var project = call.QueryOr("tenant_id") is { } other && call.Actor.IsAdmin ? other : call.Actor.ProjectId ?? throw CloudError.Forbidden("Limits belong to a project: use a token that is scoped to one.");
        var (l, used) = await database.Read(async q => (await ComputeQuota.Limits(q, project), await ComputeQuota.AllUsed(q, project)));
        var absolute = new JsonObject
        {
            ["maxServerMeta"] = l["metadata_items"], ["maxTotalInstances"] = l["instances"], ["maxTotalCores"] = l["cores"], ["maxTotalRAMSize"] = l["ram"], ["maxTotalKeypairs"] = l["key_pairs"],
            ["maxServerGroups"] = l["server_groups"], ["maxServerGroupMembers"] = l["server_group_members"], ["totalInstancesUsed"] = used["instances"], ["totalCoresUsed"] = used["cores"], ["totalRAMUsed"] = used["ram"],
            ["totalServerGroupsUsed"] = used["server_groups"],
        };
        if (!call.AtLeast(39)) absolute["maxImageMeta"] = l["metadata_items"];
        if (!call.AtLeast(57)) (absolute["maxPersonality"], absolute["maxPersonalitySize"]) = (l["injected_files"], l["injected_file_content_bytes"]);
        if (!call.AtLeast(36)) await Network(call, project, absolute, l);
        return Answer.Ok(new JsonObject { ["limits"] = new JsonObject { ["rate"] = new JsonArray(), ["absolute"] = absolute } });
    }

    private async Task Network(Call call, string project, JsonObject absolute, Dictionary<string, long> limits)
    {
        async Task<int> Count(string many, string path) => (await neighbour.Ask(call, "neutron", "GET", $"/{path}?project_id={project}&fields=id"))![many]!.AsArray().Count;
        absolute["maxTotalFloatingIps"] = limits["floating_ips"];
        absolute["maxSecurityGroups"] = limits["security_groups"];
        absolute["maxSecurityGroupRules"] = limits["security_group_rules"];
        absolute["totalFloatingIpsUsed"] = await Count("floatingips", "floatingips");
        absolute["totalSecurityGroupsUsed"] = await Count("security_groups", "security-groups");
    }
}
