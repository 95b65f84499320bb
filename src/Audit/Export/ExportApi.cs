using Xiangyun.Audit.Chain;
using Xiangyun.Audit.Keys;
using Xiangyun.Audit.Records;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Audit.Export;

/// <summary>A signed copy as JSON lines. Taking one is itself written to the log.</summary>
internal sealed class ExportApi(Database database, Sights sights, Notary notary, KeyRing ring, Copy copy) : IApi
{
    public Service Service => AuditModule.Service;

    public void Map(Routes r) => r.GetThatWrites("/audit/export", "audit:export", "audit.export", Export);

    private async Task<Answer> Export(Call call)
    {
        var key = await ring.Current(call.Stop) ?? throw KeyRing.CannotSign();
        await notary.SignNow(call.Stop);
        var (range, sight) = await database.Read(async q => (await Range.Of(call, q), await sights.Of(q, call.Actor)));
        await database.Write(call.Actor, tx => { tx.Audit(call.Verb, "audit", "export", null, new { after = range.After, upto = range.Upto, sight = sight.Name }); return Task.CompletedTask; });
        return new Answer(200)
        {
            Write = async http =>
            {
                http.Response.ContentType = Lines.Type;
                http.Response.Headers.ContentDisposition = $"attachment; filename=\"audit-{range.After + 1}-{range.Upto}.jsonl\"";
                await copy.Write(http.Response.Body, range, sight, call.Actor.UserName, key, call.Stop);
            },
        };
    }
}
