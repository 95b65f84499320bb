using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Network.Rest;

/// <summary>The attributes that every resource shows and takes.</summary>
internal static class Shown
{
    public static JsonObject Common(ResourceRow row) => new()
    {
        ["id"] = row.Id, ["name"] = row.Name, ["description"] = row.Description, ["project_id"] = row.ProjectId, ["tenant_id"] = row.ProjectId,
        ["created_at"] = Clock.Seconds(row.CreatedAt), ["updated_at"] = Clock.Seconds(row.UpdatedAt), ["revision_number"] = row.Generation,
    };

    public static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(t => JsonValue.Create(t))]);

    public static void Naming(ResourceRow row, Fields fields)
    {
        row.Name = fields.TextOr("name") ?? row.Name;
        row.Description = fields.TextOr("description") ?? row.Description;
    }
}
