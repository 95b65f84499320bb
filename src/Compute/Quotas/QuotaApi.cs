using System.Text.Json.Nodes;
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
        r.Get("/os-quota-sets/{project}/defaults", "compute:read_quota", call => database.Read(async q => Answer.Ok(Set("quota_set", Wire(call["project"], await ComputeQuota.Defaults(q), QuotaShape.OfProject(call))))));
        r.Put("/os-quota-sets/{project}", "compute:manage_quota", "quota.update", Update);
        r.Delete("/os-quota-sets/{project}", "compute:manage_quota", "quota.reset", Reset);
        r.Get("/os-quota-class-sets/{name}", "compute:manage_quota", call => database.Read(async q => Answer.Ok(Set("quota_class_set", Wire(call["name"], await OfClass(q, call), QuotaShape.OfClass(call))))));
        r.Put("/os-quota-class-sets/{name}", "compute:manage_quota", "quota_class.update", UpdateClass);
    }

    private static JsonObject Set(string name, JsonObject body) => new() { [name] = body };

    private static JsonObject Wire(string? id, IReadOnlyDictionary<string, long> limits, IReadOnlyList<string> names)
    {
        var body = new JsonObject();
        if (id is not null) body["id"] = id;
        foreach (var name in names) body[name] = limits[name];
        return body;
    }

    private static string? User(Call call)
    {
        Nova.OnlyQuery(call, 75, "user_id");
        return call.QueryOr("user_id");
    }

    private Task<Answer> Show(Call call, bool detail) => database.Read(async q =>
    {
        var (project, user) = (call["project"], User(call));
        if (!call.Actor.MaySee(project)) throw Nova.Denied("os-quota-sets:show");
        var limits = await ComputeQuota.Limits(q, project, user);
        if (!detail) return Answer.Ok(Set("quota_set", Wire(project, limits, QuotaShape.OfProject(call))));
        var used = await ComputeQuota.AllUsed(q, project, user);
        var body = new JsonObject { ["id"] = project };
        foreach (var name in QuotaShape.OfProject(call)) body[name] = new JsonObject { ["limit"] = limits[name], ["in_use"] = used.GetValueOrDefault(name), ["reserved"] = 0 };
        return Answer.Ok(Set("quota_set", body));
    });

    private async Task<Answer> Update(Call call)
    {
        var (project, user, names) = (call["project"], User(call), QuotaShape.OfProject(call));
        var body = await call.Body("quota_set");
        var force = body.FlagOr("force") ?? false;
        body.TextOr("tenant_id");
        body.TextOr("user_id");
        var wanted = names.Where(body.Has).ToDictionary(n => n, n => body.Number(n, -1, int.MaxValue));
        body.Done();
        return await database.Write(call.Actor, async tx =>
        {
            await tx.Lock("quota:" + project);
            var (above, used) = (await ComputeQuota.Limits(tx, project), await ComputeQuota.AllUsed(tx, project, user));
            foreach (var (name, value) in wanted)
            {
                if (!force && value >= 0 && value < used.GetValueOrDefault(name)) throw CloudError.Invalid($"Quota limit {value} for {name} must be greater than or equal to already used and reserved {used[name]}.");
                if (!force && user is not null && above[name] >= 0 && (value < 0 || value > above[name])) throw CloudError.Invalid($"Quota limit {value} for {name} must be less than or equal to {above[name]}, the limit of the project.");
                await Store.Quotas.Quotas.Set(tx, project, $"{Place(user)}.{name}", value);
            }
            await tx.Save();
            tx.Audit(call.Verb, "quota", project, project, new { user, wanted });
            return Answer.Ok(Set("quota_set", Wire(null, await ComputeQuota.Limits(tx, project, user), names)));
        });
    }

    private static string Place(string? user) => user is null ? ComputeQuota.Service : ComputeQuota.UserService(user);

    private async Task<Answer> Reset(Call call)
    {
        var (project, user) = (call["project"], User(call));
        await database.Write(call.Actor, async tx =>
        {
            await Store.Quotas.Quotas.Forget(tx, project, Place(user) + ".*");
            tx.Audit(call.Verb, "quota", project, project, new { user });
        });
        return Answer.Accepted;
    }

    /// <summary>There is one class, <c>default</c>; any other name shows the same, as Nova does.</summary>
    private static Task<Dictionary<string, long>> OfClass(Query q, Call call) => call["name"].Length <= 255 ? ComputeQuota.Defaults(q) : throw CloudError.Invalid("The name of a quota class has at most 255 characters.");

    private async Task<Answer> UpdateClass(Call call)
    {
        var names = QuotaShape.OfClass(call);
        var body = await call.Body("quota_class_set");
        body.TextOr("class_name");
        var wanted = names.Where(body.Has).ToDictionary(n => n, n => body.Number(n, -1, int.MaxValue));
        body.Done();
        if (call["name"] != "default") throw CloudError.Invalid("Only the quota class 'default' can be changed: no other one has an effect.");
        return await database.Write(call.Actor, async tx =>
        {
            foreach (var (name, value) in wanted) await Store.Quotas.Quotas.Set(tx, ComputeQuota.NoProject, $"{ComputeQuota.ClassService}.{name}", value);
            await tx.Save();
            tx.Audit(call.Verb, "quota_class", call["name"], null, wanted);
            return Answer.Ok(Set("quota_class_set", Wire(null, await ComputeQuota.Defaults(tx), names)));
        });
    }
}
