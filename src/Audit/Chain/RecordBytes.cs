using System.Text;
using System.Text.Json;
using Xiangyun.Evidence;
using Xiangyun.Kernel;
using Xiangyun.Store.Audit;

namespace Xiangyun.Audit.Chain;

/// <summary>
/// The canonical bytes of one record, form 1 (docs/audit.md). They are made from the columns each time, so the columns that
/// people read are the ones that the chain vouches for. A later form gets another number; this one never changes.
/// </summary>
internal static class RecordBytes
{
    public static byte[] Of(AuditRow row, long seq, string? objectDomain) => Canonical.Object(
        ("form", ChainTable.Form), ("seq", seq), ("id", row.Id), ("at", Clock.FromMs(row.At).ToString("yyyy-MM-ddTHH:mm:ss.fffZ")),
        ("user", row.UserId), ("user_name", row.UserName), ("user_domain", row.UserDomainId), ("roles", row.Roles), ("scope", row.Scope),
        ("domain", row.DomainId), ("project", row.ProjectId), ("remote", row.Remote), ("agent", row.Agent), ("request", row.RequestId),
        ("action", row.Verb), ("kind", row.Kind), ("object", row.ResourceId), ("object_project", row.ResourceProjectId), ("object_domain", objectDomain),
        ("result", row.Result), ("status", row.Status), ("detail", Json(row.Detail)), ("before", Json(row.Was)), ("after", Json(row.Became)));

    public static byte[] Of(AuditRow chained) => Of(chained, chained.Seq ?? throw new InvalidOperationException($"the audit row {chained.Id} is not chained yet"), chained.ResourceDomainId);

    /// <summary>JSON in its canonical form; what is none (somebody meddled) stays readable as a text.</summary>
    private static object? Json(string? text)
    {
        if (text is null) return null;
        try
        {
            return Canonical.Bytes(Encoding.UTF8.GetBytes(text));
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
