using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;
using Xiangyun.Wire;

namespace Xiangyun.Volume.Limits;

/// <summary>Limits of a project, and how far they are used.</summary>
internal sealed class QuotaApi(Database database) : IApi
{
    public Service Service => VolumeService.Service;

    public void Map(Routes routes)
    {
        routes.Get("/limits", "volume:read", Limits);
        routes.Get("/os-quota-sets/{target}", "volume:read", Show);
        routes.Get("/os-quota-sets/{target}/defaults", "volume:read", call => Task.FromResult(Answer.Ok(Set(call["target"], VolumeQuotas.Defaults))));
        routes.Put("/os-quota-sets/{target}", "volume:admin", "volume.quota.set", Change);
        routes.Delete("/os-quota-sets/{target}", "volume:admin", "volume.quota.reset", Reset);
        routes.Get("/os-quota-class-sets/{target}", "volume:read", call => Task.FromResult(call["target"] == "default"
            ? Answer.Ok(new JsonObject { ["quota_class_set"] = Body("default", VolumeQuotas.Defaults) })
            : throw CloudError.NotFound($"There is no quota class {call["target"]}; the only one is default.")));
    }

    private async Task<Answer> Limits(Call call)
    {
        var project = call.Project();
        if (call.AtLeast(39) && call.QueryOr("project_id") is { } other && other != project) project = call.Actor.IsAdmin ? other : throw CloudError.Forbidden("The limits of another project can only be seen by an administrator.");
        var (limits, used) = await database.Read(async q => (await VolumeQuotas.Of(q, project), await VolumeQuotas.Used(q, project)), call.Stop);
        return Answer.Ok(new JsonObject
        {
            ["limits"] = new JsonObject
            {
                ["rate"] = new JsonArray(),
                ["absolute"] = new JsonObject
                {
                    ["maxTotalVolumes"] = limits["volumes"], ["maxTotalVolumeGigabytes"] = limits["gigabytes"], ["maxTotalSnapshots"] = limits["snapshots"],
                    ["maxTotalBackups"] = limits["backups"], ["maxTotalBackupGigabytes"] = limits["backup_gigabytes"],
                    ["totalVolumesUsed"] = used.Volumes, ["totalGigabytesUsed"] = used.Gigabytes, ["totalSnapshotsUsed"] = used.Snapshots, ["totalBackupsUsed"] = used.Backups, ["totalBackupGigabytesUsed"] = used.BackupGigabytes,
                },
            },
        });
    }

    private async Task<Answer> Show(Call call)
    {
        var target = call["target"];
        if (!call.Actor.MaySee(target)) throw CloudError.Forbidden("The quota of another project can only be seen by an administrator.");
        var (limits, used) = await database.Read(async q => (await VolumeQuotas.Of(q, target), await VolumeQuotas.Used(q, target)), call.Stop);
        if (!call.QueryFlag("usage")) return Answer.Ok(Set(target, limits));
        var body = new JsonObject { ["id"] = target };
        foreach (var (name, limit) in limits)
            body[name] = new JsonObject { ["limit"] = limit, ["in_use"] = VolumeQuotas.InUse(name, used), ["reserved"] = 0 };
        return Answer.Ok(new JsonObject { ["quota_set"] = body });
    }

    private async Task<Answer> Change(Call call)
    {
        var body = await call.Body("quota_set");
        body.TextOr("tenant_id");
        body.FlagOr("force");
        var values = VolumeQuotas.Defaults.Keys.Select(n => (Name: n, Value: body.NumberOr(n, -1, int.MaxValue))).Where(v => v.Value is not null).ToList();
        body.Done();
        if (values.Count == 0) throw CloudError.Invalid($"Name at least one of: {string.Join(", ", VolumeQuotas.Defaults.Keys)}.");
        var target = call["target"];
        var limits = await database.Write(call.Actor, async tx =>
        {
            foreach (var (name, value) in values) await Quotas.Set(tx, target, "volume." + name, value!.Value);
            tx.Audit(call.Verb, "quota", target, target, values.ToDictionary(v => v.Name, v => v.Value));
            await tx.Save();
            return await VolumeQuotas.Of(tx, target);
        }, call.Stop);
        var answer = Body(target, limits);
        answer.Remove("id");
        return Answer.Ok(new JsonObject { ["quota_set"] = answer });
    }

    private async Task<Answer> Reset(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            await Quotas.Forget(tx, call["target"], "volume.*");
            tx.Audit(call.Verb, "quota", call["target"], call["target"]);
        }, call.Stop);
        return new Answer(200);
    }

    private static JsonObject Set(string id, IReadOnlyDictionary<string, long> limits) => new() { ["quota_set"] = Body(id, limits) };

    private static JsonObject Body(string id, IReadOnlyDictionary<string, long> limits)
    {
        var body = new JsonObject { ["id"] = id };
        foreach (var (name, limit) in limits) body[name] = limit;
        return body;
    }
}
