using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Proxies;

/// <summary>Metadata of an image: its custom properties, changed with Image's JSON patch. Until 2.39.</summary>
internal sealed class ImageMetadataApi(Neighbour neighbour) : IApi
{
    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        const string all = "/images/{id}/metadata", one = all + "/{key}";
        r.Get(all, "compute:read", Nova.Until(39, async call => All(ImageWire.Metadata(await ImageApi.Image(neighbour, call)))));
        r.Put(all, "compute:write", "image.update", Nova.Until(39, async call => All(await Change(call, await Given(call), replace: true))));
        r.Post(all, "compute:write", "image.update", Nova.Until(39, async call => All(await Change(call, await Given(call), replace: false))));
        r.Get(one, "compute:read", Nova.Until(39, async call => One(call, ImageWire.Metadata(await ImageApi.Image(neighbour, call)))));
        r.Put(one, "compute:write", "image.update", Nova.Until(39, SetOne));
        r.Delete(one, "compute:write", "image.update", Nova.Until(39, Remove));
    }

    private static Answer All(JsonObject metadata) => Answer.Ok(new JsonObject { ["metadata"] = metadata });

    private static Answer One(Call call, JsonObject metadata) => metadata[call["key"]] is { } value ? Answer.Ok(new JsonObject { ["meta"] = new JsonObject { [call["key"]] = value.DeepClone() } }) : throw Missing();

    private static CloudError Missing() => CloudError.NotFound("Metadata item was not found");

    private static async Task<Dictionary<string, string>> Given(Call call)
    {
        var body = await call.Body();
        var given = body.MapOr("metadata") ?? throw CloudError.Invalid("'metadata' is a required property.");
        body.Done();
        return given;
    }

    private async Task<Answer> SetOne(Call call)
    {
        var body = await call.Body();
        var given = body.MapOr("meta") ?? throw CloudError.Invalid("'meta' is a required property.");
        body.Done();
        if (given.Count != 1) throw CloudError.Invalid("Request body contains too many or too few items");
        if (!given.ContainsKey(call["key"])) throw CloudError.Invalid("Request body and URI mismatch");
        return One(call, await Change(call, given, replace: false));
    }

    private async Task<Answer> Remove(Call call)
    {
        if (!ImageWire.Metadata(await ImageApi.Image(neighbour, call)).ContainsKey(call["key"])) throw Missing();
        await Patch(call, [Operation("remove", call["key"], null)]);
        return Answer.NoContent;
    }

    private async Task<JsonObject> Change(Call call, Dictionary<string, string> given, bool replace)
    {
        var now = ImageWire.Metadata(await ImageApi.Image(neighbour, call));
        var operations = given.Select(g => Operation(now.ContainsKey(g.Key) ? "replace" : "add", g.Key, g.Value)).ToList();
        if (replace) operations.AddRange(now.Where(n => !given.ContainsKey(n.Key)).Select(n => Operation("remove", n.Key, null)));
        return ImageWire.Metadata(operations.Count == 0 ? await ImageApi.Image(neighbour, call) : await Patch(call, operations));
    }

    private static JsonObject Operation(string verb, string key, string? value)
    {
        var operation = new JsonObject { ["op"] = verb, ["path"] = "/" + key.Replace("~", "~0").Replace("/", "~1") };
        if (value is not null) operation["value"] = value;
        return operation;
    }

    private async Task<JsonNode> Patch(Call call, List<JsonObject> operations) =>
        (await neighbour.Ask(call, "glance", "PATCH", ImageApi.Path(call), new JsonArray([.. operations]), "application/openstack-images-v2.1-json-patch"))!;
}
