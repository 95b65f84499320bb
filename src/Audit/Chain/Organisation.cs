using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Public;
using Xiangyun.Store;
using Xiangyun.Store.Audit;

namespace Xiangyun.Audit.Chain;

/// <summary>
/// Of which organisation the object of a record is, so that a bureau reads what others did to its things. It is found out
/// when the record is chained and becomes part of it: later moves do not rewrite history.
/// </summary>
internal sealed class Organisation(IBranches branches)
{
    public async Task<IReadOnlyDictionary<string, string>> Of(Query q, IReadOnlyList<AuditRow> rows)
    {
        var domains = await branches.DomainsOf(q, rows.SelectMany(r => new[] { r.ResourceProjectId, r.Kind is "user" or "group" ? r.ResourceId : null }).OfType<string>().ToHashSet());
        var found = new Dictionary<string, string>();
        foreach (var row in rows)
        {
            var domain = row.Kind == "domain" ? row.ResourceId
                : row.ResourceProjectId is { } project && domains.TryGetValue(project, out var known) ? known
                : domains.GetValueOrDefault(row.ResourceId) ?? Told(row.Was) ?? Told(row.Became);
            if (domain is null && row.ResourceProjectId is not null) domain = await Earlier(q, row);
            if (domain is not null) found[row.Id] = domain;
        }
        return found;
    }

    /// <summary>What was deleted told its domain before.</summary>
    private static string? Told(string? portrait)
    {
        if (portrait?.Contains("\"domain_id\"", StringComparison.Ordinal) != true) return null;
        using var document = JsonDocument.Parse(portrait);
        return document.RootElement.TryGetProperty("domain_id", out var domain) ? domain.GetString() : null;
    }

    private static Task<string?> Earlier(Query q, AuditRow row) => q.Db<AuditDb>().Audit
        .Where(a => a.Seq != null && a.Kind == row.Kind && a.ResourceId == row.ResourceId && a.ResourceDomainId != null).OrderByDescending(a => a.Id).Select(a => a.ResourceDomainId).FirstOrDefaultAsync();
}
