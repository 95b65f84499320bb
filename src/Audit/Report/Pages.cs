using Xiangyun.Kernel;
using Xiangyun.Store.Audit;

namespace Xiangyun.Audit.Report;

/// <summary>What a report is about.</summary>
internal sealed record Subject(string By, string Sight, string Filters, long At, long? Head, string? HeadHash, string? Key);

/// <summary>The report for people: what was asked for, how many of each action and how they ended, and every record on a line.</summary>
internal sealed class Pages
{
    private const float Small = 6.5f;
    private static readonly (float At, float Width, string Title)[] Columns =
    [
        (0, 34, "No."), (36, 92, "Time (UTC)"), (130, 66, "Who"), (198, 64, "Roles"), (264, 68, "From"), (334, 88, "Action"), (424, 50, "Result"), (476, 140, "Object"), (618, 152, "Request"),
    ];

    public byte[] Draw(Subject subject, IReadOnlyList<AuditRow> rows)
    {
        using var paper = new Paper();
        paper.Line("审计报告 Audit report", 18, bold: true);
        paper.Space(6);
        paper.Line($"Made {Clock.Seconds(subject.At)} by {subject.By}, who may see: {subject.Sight}", 9);
        paper.Line($"Asked for: {(subject.Filters.Length == 0 ? "everything" : subject.Filters)}", 9);
        paper.Line($"{rows.Count} records; the chain is signed up to record {subject.Head?.ToString() ?? "-"} with key {subject.Key ?? "-"}", 9);
        paper.Line($"Hash of that record (SM3): {subject.HeadHash ?? "-"}", 9);
        paper.Line("This file carries an SM2 signature: ./xiangyun audit verify FILE checks it. The JSON export holds the records whole.", 9);
        Summary(paper, rows);
        Records(paper, rows);
        return paper.Bytes();
    }

    private static void Summary(Paper paper, IReadOnlyList<AuditRow> rows)
    {
        paper.Space(10);
        paper.Row([(0, 200, "Action"), (200, 80, "done"), (280, 80, "refused"), (360, 80, "failed")], 8, bold: true);
        paper.Rule();
        foreach (var action in rows.GroupBy(r => r.Verb).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal))
            paper.Row([(0, 200, action.Key), (200, 80, $"{action.Count(r => r.Result == AuditRow.Done)}"), (280, 80, $"{action.Count(r => r.Result is AuditRow.Refused or "failure")}"), (360, 80, $"{action.Count(r => r.Result == AuditRow.Failed)}")], 8);
    }

    private static void Records(Paper paper, IReadOnlyList<AuditRow> rows)
    {
        paper.Space(12);
        paper.Row(Columns, Small, bold: true);
        paper.Rule();
        foreach (var row in rows)
        {
            string[] texts = [$"{row.Seq}", Clock.FromMs(row.At).ToString("yyyy-MM-dd HH:mm:ss.fff"), row.UserName, row.Roles ?? "", row.Remote, row.Verb, row.Status is { } s ? $"{row.Result} {s}" : row.Result, $"{row.Kind} {row.ResourceId}", row.RequestId];
            paper.Row(Columns.Zip(texts, (column, text) => (column.At, column.Width, text)), Small);
            foreach (var (name, text) in new[] { ("before", row.Was), ("after", row.Became), ("detail", row.Detail) })
                if (text is not null) paper.Row([(36, 30, name), (66, 704, text)], Small - 1);
        }
    }
}
