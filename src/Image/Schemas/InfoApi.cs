using System.Text.Json.Nodes;
using Xiangyun.Image.Images;
using Xiangyun.Image.Imports;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;
using Xiangyun.Wire;

namespace Xiangyun.Image.Schemas;

/// <summary>What this image service can do, and what the caller's project has used of its limits.</summary>
internal sealed class InfoApi(Database database) : IApi
{
    private const long Mib = 1024 * 1024;

    public Service Service => ImageService.Service;

    public void Map(Routes routes)
    {
        routes.Get("/info/import", "image:read", _ => Task.FromResult(Answer.Ok(Imports())));
        routes.Get("/info/stores", "image:read", _ => Task.FromResult(Answer.Ok(Stores())));
        routes.Get("/info/usage", "image:read", Usage);
    }

    private static JsonObject Imports() => new()
    {
        ["import-methods"] = new JsonObject { ["description"] = "Import methods available.", ["type"] = "array", ["value"] = new JsonArray([.. ImportMethods.All.Select(m => JsonValue.Create(m))]) },
    };

    private static JsonObject Stores() => new()
    {
        ["stores"] = new JsonArray(new JsonObject { ["id"] = ImageService.Store, ["description"] = "Image data of this cloud", ["default"] = "true" }),
    };

    private async Task<Answer> Usage(Call call)
    {
        var project = call.Actor.ProjectId ?? throw CloudError.Invalid("Usage is counted by project: use a token with a project scope.");
        var usage = await database.Read(async q => new JsonObject
        {
            ["image_size_total"] = One(await Quotas.Limit(q, project, ImageQuotas.Mebibytes, ImageQuotas.DefaultMebibytes), (await ImageQuotas.UsedBytes(q, project) + Mib - 1) / Mib),
            ["image_count_total"] = One(await Quotas.Limit(q, project, ImageQuotas.Count, ImageQuotas.DefaultCount), await ImageQuotas.UsedCount(q, project)),
        }, call.Stop);
        return Answer.Ok(new JsonObject { ["usage"] = usage });
    }

    private static JsonObject One(long limit, long used) => new() { ["limit"] = limit, ["usage"] = used };
}
