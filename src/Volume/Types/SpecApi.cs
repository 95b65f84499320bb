using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Volume.Volumes;
using Xiangyun.Wire;

namespace Xiangyun.Volume.Types;

/// <summary>Extra specs of a type, and the projects that may use one that is not public.</summary>
internal sealed class SpecApi(Database database) : IApi
{
    public Service Service => VolumeService.Service;

    public void Map(Routes routes)
    {
        routes.Get("/types/{id}/extra_specs", "volume:admin", async call => Answer.Ok(new JsonObject { ["extra_specs"] = VolumeWire.Map(await Read(call)) }));
        routes.Get("/types/{id}/extra_specs/{key}", "volume:admin", async call => Answer.Ok(new JsonObject { [call["key"]] = (await Read(call)).GetValueOrDefault(call["key"]) ?? throw NoKey(call) }));
        routes.Post("/types/{id}/extra_specs", "volume:admin", "volume_type.specs.set", Set);
        routes.Put("/types/{id}/extra_specs/{key}", "volume:admin", "volume_type.specs.set", SetOne);
        routes.Delete("/types/{id}/extra_specs/{key}", "volume:admin", "volume_type.specs.remove", Delete);
        routes.Get("/types/{id}/os-volume-type-access", "volume:admin", Projects);
        routes.Post("/types/{id}/action", "volume:admin", "volume_type.access", Access);
    }

    private Task<Dictionary<string, string>> Read(Call call) => database.Read(async q =>
    {
        var type = await TypeStore.Get(q, call.Actor, call["id"]);
        return (await TypeStore.Specs(q, [type.Id]))[type.Id].ToDictionary(s => s.Name, s => s.Value);
    }, call.Stop);

    private async Task<Answer> Set(Call call)
    {
        var body = await call.Body();
        var pairs = body.MapOr("extra_specs") ?? throw CloudError.Invalid("'extra_specs' is a required property.");
        body.Done();
        await Write(call, pairs);
        return Answer.Ok(new JsonObject { ["extra_specs"] = VolumeWire.Map(pairs) });
    }

    private async Task<Answer> SetOne(Call call)
    {
        var body = await call.Body();
        var value = body.Text(call["key"]);
        body.Done();
        if (!(await Read(call)).ContainsKey(call["key"])) throw NoKey(call);
        await Write(call, new Dictionary<string, string> { [call["key"]] = value });
        return Answer.Ok(new JsonObject { [call["key"]] = value });
    }

    private Task Write(Call call, Dictionary<string, string> pairs) => database.Write(call.Actor, async tx =>
    {
        var type = await TypeStore.Get(tx, call.Actor, call["id"]);
        var keys = pairs.Keys.ToList();
        await tx.Db<VolumeDb>().Specs.Where(s => s.TypeId == type.Id && keys.Contains(s.Name)).ExecuteDeleteAsync();
        tx.Db<VolumeDb>().AddRange(pairs.Select(p => new SpecRow { TypeId = type.Id, Name = p.Key, Value = p.Value }));
        tx.Audit(call.Verb, "volume_type", type.Id, null, pairs);
    }, call.Stop);

    private async Task<Answer> Delete(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            var type = await TypeStore.Get(tx, call.Actor, call["id"]);
            if (await tx.Db<VolumeDb>().Specs.Where(s => s.TypeId == type.Id && s.Name == call["key"]).ExecuteDeleteAsync() == 0) throw NoKey(call);
            tx.Audit(call.Verb, "volume_type", type.Id, null, new { key = call["key"] });
        }, call.Stop);
        return Answer.Accepted;
    }

    private async Task<Answer> Projects(Call call) => Answer.Ok(await database.Read(async q =>
    {
        var type = await TypeStore.Get(q, call.Actor, call["id"]);
        if (type.IsPublic) throw CloudError.NotFound("Access list not available for public volume types.");
        var rows = await q.Db<VolumeDb>().TypeProjects.Where(p => p.TypeId == type.Id).Select(p => p.ProjectId).ToListAsync();
        return new JsonObject { ["volume_type_access"] = new JsonArray([.. rows.Select(p => new JsonObject { ["volume_type_id"] = type.Id, ["project_id"] = p })]) };
    }, call.Stop));

    private async Task<Answer> Access(Call call)
    {
        var body = await call.Body();
        var add = body.ObjectOr("addProjectAccess");
        var inner = add ?? body.ObjectOr("removeProjectAccess") ?? throw CloudError.Invalid("The body must hold addProjectAccess or removeProjectAccess.");
        body.Done();
        var project = inner.Text("project", 1);
        inner.Done();
        await database.Write(call.Actor, async tx =>
        {
            var db = tx.Db<VolumeDb>();
            var type = await TypeStore.Get(tx, call.Actor, call["id"]);
            if (type.IsPublic) throw CloudError.Conflict($"The volume type {type.Name} is public: everybody may use it.");
            var there = await db.TypeProjects.AnyAsync(p => p.TypeId == type.Id && p.ProjectId == project);
            if (add is not null && there) throw CloudError.Conflict($"Volume type access for {type.Id} / {project} combination already exists.");
            if (add is null && !there) throw CloudError.NotFound($"Volume type access not found for {type.Id} / {project} combination.");
            if (add is not null) db.Add(new TypeProjectRow { TypeId = type.Id, ProjectId = project });
            else await db.TypeProjects.Where(p => p.TypeId == type.Id && p.ProjectId == project).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "volume_type", type.Id, null, new { project, add = add is not null });
        }, call.Stop);
        return Answer.Accepted;
    }

    private static CloudError NoKey(Call call) => CloudError.NotFound($"Volume Type {call["id"]} has no extra specs with key {call["key"]}.");
}
