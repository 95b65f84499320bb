using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;
using Xiangyun.Wire;

namespace Xiangyun.Capacity.Windows;

/// <summary>/xiangyun/v1/capacity/windows/{node}: when the servers of a project or organisation may be resized; a node without one has that of the nearest above.</summary>
internal sealed class WindowApi(Database database, IPower power, IOrganisations organisations) : IApi
{
    private const string Path = "/capacity/windows/{id}";

    public Service Service => CapacityModule.Service;

    public void Map(Routes r)
    {
        r.Get(Path, "capacity:read", call => database.Read(async q => { await Visible(q, call); return await Body(q, call["id"]); }));
        r.Put(Path, "capacity:window", "capacity_window.set", Set);
        r.Delete(Path, "capacity:window", "capacity_window.delete", Delete);
    }

    /// <summary>That of the node, else of the nearest above; null = at any time.</summary>
    public static async Task<WindowRow?> Nearest(Query q, IOrganisations organisations, string id)
    {
        var rows = await q.Db<CapacityDb>().Windows.ToDictionaryAsync(w => w.NodeId);
        if (rows.Count == 0) return null;
        foreach (var node in (IEnumerable<string>)[id, .. await organisations.Above(q, id)])
            if (rows.TryGetValue(node, out var row)) return row;
        return null;
    }

    private async Task Visible(Query q, Call call)
    {
        var id = call["id"];
        if (!await power.Sees(q, call.Actor, id) || (await organisations.All(q)).All(n => n.Id != id)) throw CloudError.NotFound($"There is no organisation {id}.");
    }

    private async Task Mine(Query q, Call call)
    {
        await Visible(q, call);
        if (!await power.Manages(q, call.Actor, call["id"])) throw CloudError.Forbidden("The window of an organisation is set by its manager, or by one above.");
    }

    private async Task<Answer> Body(Query q, string id)
    {
        var row = await Nearest(q, organisations, id);
        return Answer.Ok(new { window = row is null ? null : new { days = row.Window().Days.Order().Select(d => Window.Names[d]), from = Clock(row.Starts), to = Clock((row.Starts + row.Minutes) % Window.MostMinutes), opens_in_seconds = row.Window().Until(q.Now) / 1000 }, from = row?.NodeId, organisation_id = id });
    }

    private static string Clock(long minutes) => $"{minutes / 60:00}:{minutes % 60:00}";

    private async Task<Answer> Set(Call call)
    {
        var f = await call.Body("window");
        var (days, from, to) = (f.TextsOr("days", 3) ?? [.. Window.Names], Time(f, "from"), Time(f, "to"));
        f.Done();
        if (days.Count == 0 || days.FirstOrDefault(d => !Window.Names.Contains(d)) is not null) throw CloudError.Invalid($"Invalid input for field/attribute window.days. It must name some of {string.Join(", ", Window.Names)}.");
        var minutes = (to - from + Window.MostMinutes) % Window.MostMinutes;
        return await database.Write(call.Actor, async tx =>
        {
            await Mine(tx, call);
            var id = call["id"];
            await tx.Db<CapacityDb>().Windows.Where(w => w.NodeId == id).ExecuteDeleteAsync();
            tx.Db<CapacityDb>().Add(new WindowRow { NodeId = id, Days = string.Join(',', days.Select(d => Array.IndexOf(Window.Names, d)).Distinct().Order()), Starts = from, Minutes = minutes == 0 ? Window.MostMinutes : minutes, UpdatedAt = tx.Now });
            await tx.Save();
            tx.Audit(call.Verb, "capacity_window", id, id, new { days, from = Clock(from), to = Clock(to) });
            return await Body(tx, id);
        }, call.Stop);
    }

    private static int Time(Fields f, string name) => TimeSpan.TryParseExact(f.Text(name, 5, 5), "hh\\:mm", CultureInfo.InvariantCulture, out var time) ? (int)time.TotalMinutes
        : throw CloudError.Invalid($"Invalid input for field/attribute {f.At(name)}. It must be a time of day such as 22:00.");

    private async Task<Answer> Delete(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            await Mine(tx, call);
            var id = call["id"];
            if (await tx.Db<CapacityDb>().Windows.Where(w => w.NodeId == id).ExecuteDeleteAsync() == 0) throw CloudError.NotFound($"The organisation {id} has no window of its own.");
            tx.Audit(call.Verb, "capacity_window", id, id);
        }, call.Stop);
        return Answer.NoContent;
    }
}
