using Microsoft.EntityFrameworkCore;
using Xiangyun.Audit.Chain;
using Xiangyun.Audit.Keys;
using Xiangyun.Audit.Records;
using Xiangyun.Evidence;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Audit;
using Xiangyun.Wire;

namespace Xiangyun.Audit.Report;

/// <summary>A signed PDF of the records that a filter finds, oldest first. Making one is itself written to the log.</summary>
internal sealed class ReportApi(Database database, Sights sights, Notary notary, KeyRing ring, Pages pages, TimeProvider clock) : IApi
{
    private const int Most = 5000;

    public Service Service => AuditModule.Service;

    public void Map(Routes r) => r.GetThatWrites("/audit/report", "audit:export", "audit.report", Make);

    private async Task<Answer> Make(Call call)
    {
        var key = await ring.Current(call.Stop) ?? throw KeyRing.CannotSign();
        await notary.SignNow(call.Stop);
        var (rows, head, sight, keys) = await database.Read(async q =>
        {
            var sight = await sights.Of(q, call.Actor);
            var found = await Filter.Of(call, sight.Of(q.Db<AuditDb>().Audit)).OrderBy(a => a.Id).Take(Most + 1).ToListAsync();
            return (found, await Notary.Last(q), sight, await KeyRing.All(q));
        });
        if (rows.Count > Most) throw CloudError.Invalid($"A report holds {Most} records at most, and this filter finds more. Narrow it (from, to, action, user ...), or take the JSON export.");
        await database.Write(call.Actor, tx => { tx.Audit(call.Verb, "audit", "report", null, new { records = rows.Count, sight = sight.Name, filter = call.Http.Request.QueryString.Value }); return Task.CompletedTask; });
        var filters = string.Join(", ", call.QueryNames.Select(n => $"{n}={call.QueryOr(n)}"));
        var pdf = pages.Draw(new Subject(call.Actor.UserName, sight.Name, filters, clock.Ms(), head?.Seq, head?.Hash, head?.KeyId), rows);
        var signed = PdfSeal.Close(pdf, keys.Select(k => k.Line()), (digest, length) =>
        {
            var statement = Statement.OfPdf(digest, length, clock.Ms(), key.Id);
            return Statement.Line(statement, key.Sign(statement));
        });
        return new Answer(200)
        {
            Write = async http =>
            {
                http.Response.ContentType = "application/pdf";
                http.Response.Headers.ContentDisposition = "attachment; filename=\"audit.pdf\"";
                await http.Response.Body.WriteAsync(signed, http.RequestAborted);
            },
        };
    }
}
