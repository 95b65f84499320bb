using System.Text.Json.Nodes;
using Xiangyun.Wire;

namespace Xiangyun.Volume.Admin;

/// <summary>Which filters each list takes.</summary>
internal sealed class FilterApi : IApi
{
    private static readonly SortedDictionary<string, string[]> Filters = new(StringComparer.Ordinal)
    {
        ["volume"] = ["name", "name~", "status", "metadata", "bootable", "availability_zone", "size", "volume_type", "id", "user_id", "description~", "glance_metadata", "group_id", "created_at", "updated_at", "consumes_quota"],
        ["snapshot"] = ["name", "name~", "status", "volume_id", "metadata", "availability_zone", "consumes_quota"],
        ["backup"] = ["name", "name~", "status", "volume_id"],
        ["group"] = ["name", "name~", "group_type", "availability_zone"],
        ["group_snapshot"] = ["name", "name~", "group_id"],
        ["message"] = ["resource_uuid", "resource_type", "event_id", "request_id"],
        ["attachment"] = ["volume_id", "instance_id", "status", "attach_status"],
        ["pool"] = ["name", "volume_type"],
    };

    public Service Service => VolumeService.Service;

    public void Map(Routes r) => r.Get("/resource_filters", "volume:read", VolumeService.Since(33, call => Task.FromResult(Answer.Ok(new JsonObject
    {
        ["resource_filters"] = new JsonArray([.. Filters.Where(f => call.QueryOr("resource") is not { } only || only == f.Key)
            .Select(f => new JsonObject { ["resource"] = f.Key, ["filters"] = new JsonArray([.. f.Value.Select(n => (JsonNode)n)]) })]),
    }))));
}
