using System.Text.Json.Nodes;
using Xiangyun.Wire;

namespace Xiangyun.Image.Schemas;

/// <summary>The JSON schemas that clients fetch before anything else, and the list of versions.</summary>
internal sealed class SchemaApi : IApi
{
    private static readonly string[] Supported = ["v2.8", "v2.7", "v2.6", "v2.5", "v2.4", "v2.3", "v2.2", "v2.1", "v2.0"];

    public Service Service => ImageService.Service;

    public void Map(Routes routes)
    {
        routes.Root("", call => Task.FromResult(Versions(call, 300)));
        routes.Root("/versions", call => Task.FromResult(Versions(call, 200)));
        routes.Get("/schemas/image", "image:read", _ => Give(Schema.Image()));
        routes.Get("/schemas/images", "image:read", _ => Give(Schema.List("images", Schema.Image(), paged: true)));
        routes.Get("/schemas/member", "image:read", _ => Give(Schema.Member()));
        routes.Get("/schemas/members", "image:read", _ => Give(Schema.List("members", Schema.Member(), paged: false)));
    }

    private static Task<Answer> Give(JsonObject schema) => Task.FromResult(Answer.Ok(schema));

    private static Answer Versions(Call call, int status)
    {
        var all = Supported.Select(v => Version(call, v, "SUPPORTED")).Prepend(Version(call, "v2.9", "CURRENT"));
        return new Answer(status, new JsonObject { ["versions"] = new JsonArray([.. all]) });
    }

    private static JsonNode Version(Call call, string id, string status) => new JsonObject
    {
        ["id"] = id, ["status"] = status,
        ["links"] = new JsonArray(new JsonObject { ["rel"] = "self", ["href"] = call.Link("/image/v2/") }),
    };
}
