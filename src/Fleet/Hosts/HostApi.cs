using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Wire;

namespace Xiangyun.Fleet.Hosts;

/// <summary>Our own API for hosts: /xiangyun/v1/hosts. Every listing says whether a host is simulated.</summary>
internal sealed class HostApi(Database database, HostStore hosts, IEnumerable<IHostHold> holds) : IApi
{
    public Service Service => Own;

    public static readonly Service Own = new() { Types = ["xiangyun"], Name = "xiangyun", Root = "/xiangyun", CatalogPath = "/v1", Prefixes = ["/v1"], Errors = ErrorStyle.Own };

    public void Map(Routes r)
    {
        r.Get("/hosts", "fleet:list_hosts", List);
        r.Post("/hosts", "fleet:register_host", "host.register", Register);
        r.Get("/hosts/{id}", "fleet:list_hosts", Show);
        r.Patch("/hosts/{id}", "fleet:update_host", "host.update", Update);
        r.Delete("/hosts/{id}", "fleet:delete_host", "host.delete", Delete);
    }

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var rows = q.Db<FleetDb>().Hosts.AsQueryable();
        if (call.QueryOr("name") is { } name) rows = rows.Where(h => h.Name == name);
        if (call.QueryOr("simulated") is not null) { var only = call.QueryFlag("simulated"); rows = rows.Where(h => h.Simulated == only); }
        var page = call.Page();
        var mark = page.Marker is { } m ? await rows.SingleOrDefaultAsync(h => h.Id == m) ?? throw CloudError.Invalid($"The marker {m} names no host of this list.") : null;
        var slice = await rows.Paged([new SortKey("Name")], page, mark);
        return Answer.Ok(new { hosts = slice.Rows.Select(Wire), next = slice.More ? call.NextLink(slice.Rows[^1].Id) : null });
    });

    private object Wire(HostRow r) => HostWire.Of(r, hosts.View(r));

    private static async Task<HostRow> Find(Query q, Call call)
    {
        var id = call["id"];
        return await q.Db<FleetDb>().Hosts.SingleOrDefaultAsync(h => h.Id == id) ?? throw CloudError.NotFound($"There is no host {id}.");
    }

    private Task<Answer> Show(Call call) => database.Read(async q => Answer.Ok(new { host = Wire(await Find(q, call)) }));

    private async Task<Answer> Register(Call call)
    {
        var body = await call.Body("host");
        var (name, endpoint, zone) = (body.Text("name", 1, 64), body.Text("endpoint", 1), body.TextOr("zone", 1, 64) ?? "nova");
        var count = body.NumberOr("count", 1, 10_000);
        body.Done();
        if (!endpoint.StartsWith("unix:/", StringComparison.Ordinal) && !(Uri.TryCreate(endpoint, UriKind.Absolute, out var url) && url.Scheme == "https"))
            throw CloudError.Invalid($"The endpoint '{endpoint}' must be unix:/path or https://address:port.");
        // With a count: the simulated hosts NAME-001 .. NAME-count of one agent process.
        var names = count is null ? [name] : Enumerable.Range(1, (int)count).Select(i => $"{name}-{i:D3}").ToList();
        var rows = await database.Write(call.Actor, async tx =>
        {
            var taken = await tx.Db<FleetDb>().Hosts.Where(h => names.Contains(h.Name)).Select(h => h.Name).FirstOrDefaultAsync();
            if (taken is not null) throw CloudError.Conflict($"A host named {taken} is already registered.");
            var made = names.Select(n => new HostRow { Id = Id.New(), Name = n, Endpoint = endpoint, Zone = zone, CreatedAt = tx.Now }).ToList();
            tx.Db<FleetDb>().AddRange(made);
            foreach (var row in made) tx.Audit(call.Verb, "host", row.Id, null, new { row.Name, row.Endpoint });
            return made;
        });
        return Answer.Created(count is null ? new { host = Wire(rows[0]) } : new { hosts = rows.Select(Wire) });
    }

    private async Task<Answer> Update(Call call)
    {
        var body = await call.Body("host");
        var (enabled, reason, zone) = (body.FlagOr("enabled"), body.TextOr("disabled_reason"), body.TextOr("zone", 1, 64));
        body.Done();
        var row = await database.Write(call.Actor, async tx =>
        {
            var before = await Find(tx, call);
            var on = enabled ?? before.Enabled;
            await tx.Db<FleetDb>().Hosts.Where(h => h.Id == before.Id).ExecuteUpdateAsync(s => s.SetProperty(h => h.Enabled, on)
                .SetProperty(h => h.DisabledReason, on ? null : reason ?? before.DisabledReason).SetProperty(h => h.Zone, zone ?? before.Zone));
            tx.Audit(call.Verb, "host", before.Id, null, new { before = new { before.Enabled, before.Zone }, after = new { enabled = on, zone } });
            tx.Changed(FleetWork.HostChanged, before.Id);
            return await Find(tx, call);
        });
        return Answer.Ok(new { host = Wire(row) });
    }

    private async Task<Answer> Delete(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            var row = await Find(tx, call);
            if (row.Enabled) throw CloudError.Conflict($"The host {row.Name} is enabled. Disable it and move its servers away first.");
            foreach (var hold in holds)
                if (await hold.Holds(tx, row.Id) is { } what) throw CloudError.Conflict($"The host {row.Name} still holds {what}. Move or delete them first.");
            await tx.Db<FleetDb>().Hosts.Where(h => h.Id == row.Id).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "host", row.Id, null, new { row.Name });
            tx.Changed(FleetWork.HostChanged, row.Id);
        });
        return Answer.NoContent;
    }
}
