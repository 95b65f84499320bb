using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Rest;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;
using Xiangyun.Wire;

namespace Xiangyun.Network.Limits;

/// <summary>Limits of a project: its own or the defaults, with what is used of them.</summary>
internal sealed class QuotaApi(Database database) : IApi
{
    private const long Most = int.MaxValue;

    public Service Service => Neutron.Service;

    public void Map(Routes routes)
    {
        routes.Get("/quotas", "network:quota:write", List);
        routes.Get("/quotas/{id}", "network:quota:read", call => Show(call, Effective));
        routes.Get("/quotas/{id}/default", "network:quota:read", call => Show(call, (_, _) => Task.FromResult(Defaults())));
        routes.Get("/quotas/{id}/details", "network:quota:read", call => Show(call, Details));
        routes.Get("/quotas/{id}/details.json", "network:quota:read", call => Show(call, Details));
        routes.Put("/quotas/{id}", "network:quota:write", "quota.update", Update);
        routes.Delete("/quotas/{id}", "network:quota:write", "quota.delete", Reset);
    }

    private async Task<Answer> List(Call call) => Answer.Ok(await database.Read(async q =>
    {
        var shown = new JsonArray();
        foreach (var project in await Quotas.Projects(q, "network"))
        {
            var quota = await Effective(q, project);
            quota["project_id"] = project;
            quota["tenant_id"] = project;
            shown.Add(quota);
        }
        return new JsonObject { ["quotas"] = shown };
    }, call.Stop));

    private async Task<Answer> Show(Call call, Func<Query, string, Task<JsonObject>> read)
    {
        var project = call["id"];
        if (!call.Actor.MaySee(project)) throw CloudError.Forbidden("Only administrators may see the quota of another project.", "PolicyNotAuthorized");
        return Answer.Ok(new JsonObject { ["quota"] = await database.Read(q => read(q, project), call.Stop) });
    }

    private static JsonObject Defaults() => new(NetworkQuota.Defaults.Select(d => KeyValuePair.Create(d.Key, (JsonNode?)d.Value)));

    private static async Task<JsonObject> Effective(Query q, string project)
    {
        var quota = Defaults();
        foreach (var (name, value) in await Quotas.Of(q, project, "network")) quota[name] = value;
        return quota;
    }

    private static async Task<JsonObject> Details(Query q, string project)
    {
        var details = new JsonObject();
        foreach (var (name, limit) in await Effective(q, project))
            details[name] = new JsonObject { ["limit"] = limit!.DeepClone(), ["used"] = await NetworkQuota.Used(q, project, name), ["reserved"] = 0 };
        return details;
    }

    private async Task<Answer> Update(Call call)
    {
        var project = call["id"];
        var fields = await call.Body("quota");
        var wanted = NetworkQuota.Defaults.Keys.Select(name => (name, value: fields.NumberOr(name, -1, Most))).Where(w => w.value is not null).ToList();
        fields.FlagOr("force");
        fields.FlagOr("check_limit");
        foreach (var name in new[] { "project_id", "tenant_id" }) fields.TextOr(name);
        fields.Done();
        return Answer.Ok(await database.Write(call.Actor, async tx =>
        {
            foreach (var (name, value) in wanted) await Quotas.Set(tx, project, "network." + name, value!.Value);
            tx.Audit(call.Verb, "quota", project, project, wanted.ToDictionary(w => w.name, w => w.value));
            await tx.Save();
            return new JsonObject { ["quota"] = await Effective(tx, project) };
        }, call.Stop));
    }

    private async Task<Answer> Reset(Call call)
    {
        var project = call["id"];
        await database.Write(call.Actor, async tx =>
        {
            await Quotas.Forget(tx, project, "network.*");
            tx.Audit(call.Verb, "quota", project, project);
        }, call.Stop);
        return Answer.NoContent;
    }
}
