using Microsoft.EntityFrameworkCore;
using Xiangyun.Store.Alarms;

namespace Xiangyun.Store.Quotas;

/// <summary>Quota that is nearly used up, counted over everything below who holds it, and loans that go back soon. Each belongs to the node that it is about.</summary>
internal sealed class QuotaAlarms(QuotaTree tree, IEnumerable<IOrganisations> organisations) : IAlarmSource
{
    private const string Full = "quota.full", Percent = Full + ".percent", Ending = "loan.ending", Days = Ending + ".days";
    private const long Day = 24L * 3_600_000;

    public IReadOnlyList<AlarmKind> Kinds { get; } =
    [
        new(Full, "{organisation} has used {percent} % of its quota {resource}: {used} of {limit} {unit}.") { Limits = [new(Percent, 90, 10, 100, "%")] },
        new(Ending, "The loan of {amount} {unit} {resource} from {lender} to {borrower} ends in {days} days.") { Limits = [new(Days, 7, 1, 90, "days")] },
    ];

    public TimeSpan Period => TimeSpan.FromMinutes(1);

    public async Task<IReadOnlyList<Condition>> Now(Query q, AlarmLimits limits)
    {
        if (organisations.SingleOrDefault() is not { } all) return [];
        var nodes = (await all.All(q)).ToDictionary(n => n.Id);
        return [.. await Filled(q, nodes, limits[Percent]), .. await Returning(q, nodes, limits[Days])];
    }

    private async Task<List<Condition>> Filled(Query q, Dictionary<string, OrganisationNode> nodes, double most)
    {
        var carving = await tree.Read(q, "");
        var (found, grants) = (new List<Condition>(), await q.Db<QuotaDb>().Quota.Where(r => r.Value > 0 && r.ProjectId != Quotas.Cloud).ToListAsync());
        foreach (var byNode in grants.Where(g => nodes.ContainsKey(g.ProjectId) && tree.Units.ContainsKey(g.Resource)).GroupBy(g => g.ProjectId))
        {
            var balances = await Loans.Balances(q, byNode.Key);
            var below = carving.Below(byNode.Key).ToList();
            foreach (var grant in byNode)
            {
                var limit = grant.Value + (balances.TryGetValue(grant.Resource, out var loan) ? loan.Borrowed - loan.Lent : 0);
                var used = await tree.Used(q, grant.Resource, below);
                if (limit <= 0 || 100.0 * used / limit is var percent && percent < most) continue;
                found.Add(Of(Full, nodes[byNode.Key], $"{Full}:{byNode.Key}:{grant.Resource}", used >= limit ? Severity.Minor : Severity.Warning,
                    ("resource", grant.Resource), ("percent", $"{100.0 * used / limit:0}"), ("used", $"{used}"), ("limit", $"{limit}"), ("unit", tree.Units[grant.Resource])));
            }
        }
        return found;
    }

    private async Task<List<Condition>> Returning(Query q, Dictionary<string, OrganisationNode> nodes, double days)
    {
        var until = q.Now + (long)(days * Day);
        var rows = await q.Db<QuotaDb>().Loans.Where(l => l.Accepted == true && l.EndedAt == null && l.ExpiresAt > q.Now && l.ExpiresAt <= until).ToListAsync();
        return [.. rows.Where(l => nodes.ContainsKey(l.BorrowerId)).Select(l => Of(Ending, nodes[l.BorrowerId], $"{Ending}:{l.Id}", Severity.Warning,
            ("amount", $"{l.Amount}"), ("resource", l.Resource), ("unit", tree.Units.GetValueOrDefault(l.Resource, "")), ("borrower", Name(nodes[l.BorrowerId])), ("lender", nodes.TryGetValue(l.LenderId, out var lender) ? Name(lender) : l.LenderId), ("days", $"{(l.ExpiresAt - q.Now + Day - 1) / Day}")))];
    }

    private static string Name(OrganisationNode node) => node.Name ?? node.Id;

    private static Condition Of(string kind, OrganisationNode node, string key, Severity severity, params (string Name, string Value)[] values) => new()
    {
        Key = key, Kind = kind, Severity = severity, ObjectKind = "organisation", ObjectId = node.Id, ObjectName = node.Name, Values = values.Append(("organisation", Name(node))).ToDictionary(),
        ProjectId = node.ParentId == Quotas.Cloud ? null : node.Id, DomainId = node.ParentId == Quotas.Cloud ? node.Id : null,
    };
}
