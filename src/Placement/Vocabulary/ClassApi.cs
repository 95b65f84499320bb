using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Placement.Vocabulary;

internal sealed class ClassApi(Database database) : IApi
{
    public Service Service => PlacementService.Service;

    public void Map(Routes r)
    {
        r.Look("/resource_classes", 2, call => database.Read(async q => Answer.Ok(new JsonObject { ["resource_classes"] = new JsonArray([.. (await Names.AllClasses(q)).Select(Wire)]) })));
        r.Look("/resource_classes/{name}", 2, Show);
        r.Post("/resource_classes", "placement:write", "resource_class.create", Create);
        r.Put("/resource_classes/{name}", "placement:write", "resource_class.create", Ensure);
        r.Delete("/resource_classes/{name}", "placement:write", "resource_class.delete", Delete);
    }

    private static JsonObject Wire(string name) => new()
    {
        ["name"] = name, ["links"] = new JsonArray(new JsonObject { ["rel"] = "self", ["href"] = "/placement/resource_classes/" + name }),
    };

    private Task<Answer> Show(Call call) => database.Read(async q =>
        (await Names.AllClasses(q)).Contains(call["name"]) ? Answer.Ok(Wire(call["name"])) : throw CloudError.NotFound($"No such resource class: {call["name"]}."));

    private async Task<Answer> Create(Call call)
    {
        Fresh.Since(call, 2);
        var body = await call.Body();
        var name = body.Text("name", 1);
        body.Done();
        if (!await Add(call, name)) throw CloudError.Conflict($"Conflicting resource class already exists: {name}");
        return new Answer(201).With("Location", call.Link("/placement/resource_classes/" + name));
    }

    private async Task<Answer> Ensure(Call call)
    {
        Fresh.Since(call, 7);
        return new Answer(await Add(call, call["name"]) ? 201 : 204).With("Location", call.Link("/placement/resource_classes/" + call["name"]));
    }

    private Task<bool> Add(Call call, string name) => database.Write(call.Actor, async tx =>
    {
        Names.MustBeOwn(name);
        await tx.Lock("placement names");
        tx.Audit(call.Verb, "resource_class", name);
        if (await tx.Db<PlacementDb>().ResourceClasses.AnyAsync(c => c.Name == name)) return false;
        tx.Db<PlacementDb>().Add(new ResourceClassRow { Name = name });
        return true;
    });

    private async Task<Answer> Delete(Call call)
    {
        Fresh.Since(call, 2);
        var name = call["name"];
        if (Names.Classes.Contains(name)) throw CloudError.Invalid($"Cannot delete standard resource class {name}.");
        await database.Write(call.Actor, async tx =>
        {
            if (await tx.Db<PlacementDb>().Inventories.AnyAsync(i => i.Class == name)) throw CloudError.Conflict($"Cannot delete resource class {name}. Class is in use in inventory.");
            if (await tx.Db<PlacementDb>().ResourceClasses.Where(c => c.Name == name).ExecuteDeleteAsync() == 0) throw CloudError.NotFound($"No such resource class: {name}.");
            tx.Audit(call.Verb, "resource_class", name);
        });
        return Answer.NoContent;
    }
}
