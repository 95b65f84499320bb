using Xiangyun.Fleet.Public;
using Xiangyun.Store;
using Xiangyun.Store.Work;

namespace Xiangyun.Server;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: it can work, part by part, with the reason when it cannot.</summary>
internal static class Health
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Text("live\n"));
        app.MapGet("/health/ready", async (Database database, WorkTable work, IServiceProvider services, CancellationToken ct) =>
        {
            var parts = new Dictionary<string, object>();
            var ready = true;
            try
            {
                var (waiting, failing) = await work.Depth(ct);
                parts["database"] = new { ok = true, kind = database.IsPostgres ? "postgres" : "sqlite" };
                parts["work"] = new { ok = true, waiting, failing };
                if (services.GetService<IHosts>() is { } hosts)
                {
                    var all = await database.Read(hosts.All, ct);
                    parts["hosts"] = new { ok = all.Any(h => h.Alive), alive = all.Count(h => h.Alive), all = all.Count, simulated = all.Count(h => h.Simulated) };
                }
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                ready = false;
                parts["database"] = new { ok = false, why = e.Message };
            }
            return Results.Json(new { ready, parts }, Wire.Json.Options, statusCode: ready ? 200 : 503);
        });
    }
}
