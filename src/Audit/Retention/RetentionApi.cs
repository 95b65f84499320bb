using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Audit.Retention;

/// <summary>How long records are kept: to read, and to change within what the law allows.</summary>
internal sealed class RetentionApi(Database database) : IApi
{
    public Service Service => AuditModule.Service;

    public void Map(Routes r)
    {
        r.Get("/audit/retention", "audit:read", async _ => Wire(await database.Read(Keeping.Days)));
        r.Put("/audit/retention", "audit:retention", "audit.retention", Change);
    }

    private async Task<Answer> Change(Call call)
    {
        var body = await call.Body("retention");
        var days = Keeping.Check(body.Number("days", 0, long.MaxValue));
        body.Done();
        await database.Write(call.Actor, async tx =>
        {
            tx.Audit(call.Verb, "audit", "retention", null, new { before = await Keeping.Days(tx), after = days });
            await Keeping.Set(tx, days);
        });
        return Wire(days);
    }

    private static Answer Wire(long days) => Answer.Ok(new { retention = new { days, least = Keeping.Least } });
}
