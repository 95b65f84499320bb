using System.Text.Json.Nodes;
using Xiangyun.Image.Schemas;
using Xiangyun.Wire;

namespace Xiangyun.Image.Metadefs;

/// <summary>JSON schemas of metadata definitions, which dashboards and command lines build their forms from.</summary>
internal sealed class MetadefSchemaApi : IApi
{
    public Service Service => ImageService.Service;

    public void Map(Routes routes)
    {
        Both("namespace", "namespaces", "namespace", "namespaces", Namespace, true);
        Both("resource_type", "resource_types", "resource_type_association", "resource_type_associations", ResourceType, false);
        Both("object", "objects", "object", "objects", Object, true);
        Both("property", "properties", "property", "properties", Property, false);
        Both("tag", "tags", "tag", "tags", Tag, true);

        void Both(string path, string paths, string name, string names, Func<JsonObject> members, bool paged)
        {
            routes.Get("/schemas/metadefs/" + path, "image:read", _ => Give(One(name, members())));
            routes.Get("/schemas/metadefs/" + paths, "image:read", _ => Give(Schema.List(names, One(name, members()), paged)));
        }
    }

    private static Task<Answer> Give(JsonObject schema) => Task.FromResult(Answer.Ok(schema));

    private static JsonObject One(string name, JsonObject members) => new() { ["name"] = name, ["properties"] = members, ["additionalProperties"] = false };

    private static JsonObject Text(int most = 255) => new() { ["type"] = "string", ["maxLength"] = most };

    private static JsonObject ReadOnly() => new() { ["type"] = "string", ["readOnly"] = true };

    private static JsonObject Of(string type) => new() { ["type"] = type };

    private static JsonObject Namespace() => new()
    {
        ["namespace"] = Text(EntryBody.LongestName), ["display_name"] = Text(EntryBody.LongestName), ["description"] = Text(500),
        ["visibility"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("public", "private") }, ["protected"] = Of("boolean"), ["owner"] = Text(),
        ["resource_type_associations"] = Of("array"), ["properties"] = Of("object"), ["objects"] = Of("array"), ["tags"] = Of("array"),
        ["created_at"] = ReadOnly(), ["updated_at"] = ReadOnly(), ["self"] = ReadOnly(), ["schema"] = ReadOnly(),
    };

    private static JsonObject ResourceType() => new()
    {
        ["name"] = Text(EntryBody.LongestName), ["prefix"] = Text(EntryBody.LongestName), ["properties_target"] = Text(EntryBody.LongestName), ["created_at"] = ReadOnly(), ["updated_at"] = ReadOnly(),
    };

    private static JsonObject Object() => new()
    {
        ["name"] = Text(EntryBody.LongestName), ["description"] = Text(500), ["required"] = Of("array"), ["properties"] = Of("object"),
        ["created_at"] = ReadOnly(), ["updated_at"] = ReadOnly(), ["self"] = ReadOnly(), ["schema"] = ReadOnly(),
    };

    private static JsonObject Property() => new()
    {
        ["name"] = Text(EntryBody.LongestName), ["title"] = Text(), ["type"] = Of("string"), ["description"] = Text(500), ["default"] = new JsonObject(), ["enum"] = Of("array"),
        ["items"] = Of("object"), ["minimum"] = Of("number"), ["maximum"] = Of("number"), ["minItems"] = Of("integer"), ["maxItems"] = Of("integer"), ["uniqueItems"] = Of("boolean"),
        ["additionalItems"] = Of("boolean"), ["minLength"] = Of("integer"), ["maxLength"] = Of("integer"), ["pattern"] = Of("string"), ["operators"] = Of("array"), ["readonly"] = Of("boolean"),
    };

    private static JsonObject Tag() => new() { ["name"] = Text(EntryBody.LongestName), ["created_at"] = ReadOnly(), ["updated_at"] = ReadOnly() };
}
