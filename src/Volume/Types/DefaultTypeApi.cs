using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Volume.Types;

/// <summary>The type that a project's volumes are of when the request names none.</summary>
internal sealed class DefaultTypeApi(Database database) : IApi
{
    public Service Service => VolumeService.Service;

    public void Map(Routes r)
    {
        r.Get("/default-types", "volume:admin", VolumeService.Since(62, List));
        r.Get("/default-types/{target}", "volume:admin", VolumeService.Since(62, Show));
        r.Put("/default-types/{target}", "volume:admin", "volume_default_type.set", VolumeService.Since(62, Set));
        r.Delete("/default-types/{target}", "volume:admin", "volume_default_type.unset", VolumeService.Since(62, Unset));
    }

    public static Task<string?> Of(Query q, string project) => q.Db<VolumeDb>().DefaultTypes.Where(d => d.ProjectId == project).Select(d => d.TypeId).SingleOrDefaultAsync();

    private Task<Answer> List(Call call) => database.Read(async q => Answer.Ok(new JsonObject
    {
        ["default_types"] = new JsonArray([.. (await q.Db<VolumeDb>().DefaultTypes.OrderBy(d => d.ProjectId).ToListAsync()).Select(Wire)]),
    }), call.Stop);

    private Task<Answer> Show(Call call) => database.Read(async q => Answer.Ok(new JsonObject
    {
        ["default_type"] = Wire(await q.Db<VolumeDb>().DefaultTypes.SingleOrDefaultAsync(d => d.ProjectId == call["target"]) ?? throw CloudError.NotFound($"Default type for project {call["target"]} not found.")),
    }), call.Stop);

    private async Task<Answer> Set(Call call)
    {
        var body = await call.Body("default_type");
        var name = body.Text("volume_type", 1);
        body.Done();
        return Answer.Ok(await database.Write(call.Actor, async tx =>
        {
            var row = new DefaultTypeRow { ProjectId = call["target"], TypeId = (await TypeStore.Usable(tx, call.Actor, name)).Id };
            await tx.Db<VolumeDb>().DefaultTypes.Where(d => d.ProjectId == row.ProjectId).ExecuteDeleteAsync();
            tx.Db<VolumeDb>().Add(row);
            tx.Audit(call.Verb, "volume_default_type", row.ProjectId, row.ProjectId, new { type = row.TypeId });
            return new JsonObject { ["default_type"] = Wire(row) };
        }, call.Stop));
    }

    private async Task<Answer> Unset(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            await tx.Db<VolumeDb>().DefaultTypes.Where(d => d.ProjectId == call["target"]).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "volume_default_type", call["target"], call["target"]);
        }, call.Stop);
        return Answer.NoContent;
    }

    private static JsonNode Wire(DefaultTypeRow row) => new JsonObject { ["project_id"] = row.ProjectId, ["volume_type_id"] = row.TypeId };
}
