using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Quotas;

internal sealed class QuotaApi(Database database) : IApi
{
    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        r.Get("/os-quota-sets/{project}", "compute:read_quota", call => Show(call, detail: false));
        r.Get("/os-quota-sets/{project}/detail", "compute:read_quota", call => Show(call, detail: true));
        r.Get("/os-quota-sets/{project}/defaults", "compute:read_quota", call => Task.FromResult(Answer.Ok(new JsonObject { ["quota_set"] = Wire(call["project"], ComputeQuota.Defaults) })));
        r.Put("/os-quota-sets/{project}", "compute:manage_quota", "quota.update", Update);
        r.Delete("/os-quota-sets/{project}", "compute:manage_quota", "quota.reset", Reset);
        r.Get("/limits", "compute:read_quota", Limits);
    }

    private static JsonObject Wire(string project, IReadOnlyDictionary<string, long> limits)
    {
        var body = new JsonObject { ["id"] = project };
        foreach (var (name, value) in limits) body[name] = value;
        return body;
    }

    private static void MustSee(Call call)
    {
        if (!call.Actor.MaySee(call["project"])) throw CloudError.Forbidden("Policy doesn't allow os_compute_api:os-quota-sets:show to be performed.");
    }

    private Task<Answer> Show(Call call, bool detail) => database.Read(async q =>
    {
        MustSee(call);
        var limits = await ComputeQuota.Limits(q, call["project"]);
        if (!detail) return Answer.Ok(new JsonObject { ["quota_set"] = Wire(call["project"], limits) });
        var used = await ComputeQuota.Used(q, call["project"]);
        var body = new JsonObject { ["id"] = call["project"] };
        foreach (var (name, value) in limits)
            body[name] = new JsonObject { ["limit"] = value, ["in_use"] = name switch { "instances" => used.Instances, "cores" => used.Cores, "ram" => used.Ram, _ => 0 }, ["reserved"] = 0 };
        return Answer.Ok(new JsonObject { ["quota_set"] = body });
    });

    private async Task<Answer> Update(Call call)
    {
        var body = await call.Body("quota_set");
        var force = body.FlagOr("force") ?? false;
        body.TextOr("tenant_id");
        var wanted = ComputeQuota.Defaults.Keys.Where(body.Has).ToDictionary(n => n, n => body.Number(n, -1, int.MaxValue));
        body.Done();
        return await database.Write(call.Actor, async tx =>
        {
            var used = await ComputeQuota.Used(tx, call["project"]);
            foreach (var (name, value) in wanted)
            {
                var now = name switch { "instances" => used.Instances, "cores" => used.Cores, "ram" => used.Ram, _ => 0 };
                if (!force && value >= 0 && value < now) throw CloudError.Invalid($"Quota limit {value} for {name} must be greater than or equal to already used and reserved {now}.");
                await Store.Quotas.Quotas.Set(tx, call["project"], "compute." + name, value);
            }
            await tx.Save();
            tx.Audit(call.Verb, "quota", call["project"], call["project"], wanted);
            var answer = Wire(call["project"], await ComputeQuota.Limits(tx, call["project"]));
            answer.Remove("id");
            return Answer.Ok(new JsonObject { ["quota_set"] = answer });
        });
    }

    private async Task<Answer> Reset(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            await Store.Quotas.Quotas.Forget(tx, call["project"], "compute.*");
            tx.Audit(call.Verb, "quota", call["project"], call["project"]);
        });
        return Answer.Accepted;
    }

    private Task<Answer> Limits(Call call) => database.Read(async q =>
    {
        var project = call.Actor.IsAdmin && call.QueryOr("tenant_id") is { } other ? other : call.Actor.ProjectId ?? throw CloudError.Forbidden("Limits belong to a project: use a token that is scoped to one.");
        var (l, used) = (await ComputeQuota.Limits(q, project), await ComputeQuota.Used(q, project));
        return Answer.Ok(new JsonObject
        {
            ["limits"] = new JsonObject
            {
                ["rate"] = new JsonArray(),
                ["absolute"] = new JsonObject
                {
                    ["maxServerMeta"] = l["metadata_items"], ["maxPersonality"] = l["injected_files"], ["maxPersonalitySize"] = l["injected_file_content_bytes"], ["maxImageMeta"] = l["metadata_items"],
                    ["maxTotalInstances"] = l["instances"], ["maxTotalCores"] = l["cores"], ["maxTotalRAMSize"] = l["ram"], ["maxTotalKeypairs"] = l["key_pairs"], ["maxServerGroups"] = l["server_groups"],
                    ["maxServerGroupMembers"] = l["server_group_members"], ["maxTotalFloatingIps"] = l["floating_ips"], ["maxSecurityGroups"] = l["security_groups"], ["maxSecurityGroupRules"] = l["security_group_rules"],
                    ["totalInstancesUsed"] = used.Instances, ["totalCoresUsed"] = used.Cores, ["totalRAMUsed"] = used.Ram, ["totalServerGroupsUsed"] = 0, ["totalFloatingIpsUsed"] = 0, ["totalSecurityGroupsUsed"] = 0,
                },
            },
        });
    });
}
