using System.Text.Json;
using Xiangyun.Kernel;
using Xiangyun.Store.Audit;

namespace Xiangyun.Audit.Records;

/// <summary>A record as our API shows it; its members are the shape that the OpenAPI document names.</summary>
public sealed record AuditRecord(
    string Id, long? Seq, string? Hash, string At, string UserId, string UserName, string? UserDomainId, IReadOnlyList<string> Roles, string? Scope, string? DomainId, string? ProjectId,
    string Remote, string? Agent, string RequestId, string Action, string Kind, string ObjectId, string? ObjectProjectId, string? ObjectDomainId, string Result, long? Status,
    JsonElement? Detail, JsonElement? Before, JsonElement? After)
{
    internal static AuditRecord Of(AuditRow a) => new(
        a.Id, a.Seq, a.Hash, Clock.FromMs(a.At).ToString("yyyy-MM-ddTHH:mm:ss.fffZ"), a.UserId, a.UserName, a.UserDomainId, a.Roles is null or "" ? [] : a.Roles.Split(','), a.Scope, a.DomainId, a.ProjectId,
        a.Remote, a.Agent, a.RequestId, a.Verb, a.Kind, a.ResourceId, a.ResourceProjectId, a.ResourceDomainId, a.Result, a.Status, Json(a.Detail), Json(a.Was), Json(a.Became));

    private static JsonElement? Json(string? text)
    {
        if (text is null) return null;
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(text);
        }
    }
}
