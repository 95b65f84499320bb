using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Volume.Backups;
using Xiangyun.Wire;

namespace Xiangyun.Volume.Volumes;

internal sealed class VolumeApi(Database database, VolumeMaker maker, BackupStore backups, IHosts hosts, TimeProvider clock) : IApi
{
    public Service Service => VolumeService.Service;

    public void Map(Routes routes)
    {
        routes.Get("/volumes", "volume:read", call => List(call, (v, _) => VolumeWire.Brief(call, v)));
        routes.Get("/volumes/detail", "volume:read", call => List(call, (v, all) => VolumeWire.Full(call, v, all.GetValueOrDefault(v.Row.HostId), clock.Ms())));
        routes.Get("/volumes/summary", "volume:read", VolumeService.Since(12, Summary));
        routes.Post("/volumes", "volume:write", "volume.create", Create);
        routes.Get("/volumes/{id}", "volume:read", Show);
        routes.Put("/volumes/{id}", "volume:write", "volume.update", Update);
        routes.Delete("/volumes/{id}", "volume:write", "volume.delete", Delete);
    }

    private async Task<Answer> List(Call call, Func<FullVolume, IReadOnlyDictionary<string, HostView>, JsonObject> wire)
    {
        VolumeService.Check(call);
        var (slice, all, count) = await database.Read(async q => (await VolumeFilters.Page(q, call, clock.Ms()), await Hosts(q, call), await VolumeFilters.Count(q, call, clock.Ms())), call.Stop);
        var body = new JsonObject { ["volumes"] = new JsonArray([.. slice.Rows.Select(v => wire(v, all))]) };
        if (Links(call, slice) is { } links) body["volumes_links"] = links;
        if (count is not null) body["count"] = count;
        return Answer.Ok(body);
    }

    private async Task<Answer> Summary(Call call)
    {
        VolumeService.Check(call);
        var (count, size, pairs) = await database.Read(q => VolumeFilters.Sum(q, call, clock.Ms()), call.Stop);
        var body = new JsonObject { ["total_size"] = size, ["total_count"] = count };
        if (call.AtLeast(36)) body["metadata"] = new JsonObject(pairs.GroupBy(p => p.Key).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => KeyValuePair.Create(g.Key, (JsonNode?)new JsonArray([.. g.Select(p => p.Value).Distinct().Order(StringComparer.Ordinal).Select(v => (JsonNode)v)]))));
        return Answer.Ok(new JsonObject { ["volume-summary"] = body });
    }

    /// <summary>A full page has a next one, even if that turns out empty: so clients of Cinder expect it.</summary>
    internal static JsonArray? Links(Call call, Slice<FullVolume> slice) =>
        slice.Rows.Count > 0 && (slice.More || call.QueryOr("limit") == slice.Rows.Count.ToString()) ? call.NextLinks(slice.Rows[^1].Row.Id) : null;

    private async Task<IReadOnlyDictionary<string, HostView>> Hosts(Query q, Call call) =>
        call.Actor.IsAdmin ? (await hosts.All(q)).ToDictionary(h => h.Id) : new Dictionary<string, HostView>();

    private async Task<Answer> Create(Call call)
    {
        var wish = await VolumeBody.Create(call, call.Project());
        var volume = await database.Write(call.Actor, async tx =>
        {
            var row = wish.BackupId is { } backup ? await backups.Restore(tx, call.Actor, await BackupStore.Get(tx, call.Actor, backup), wish) : await maker.Make(tx, call.Actor, wish);
            return await VolumeStore.Get(tx, call.Actor, row.Id);
        }, call.Stop);
        return Answer.AcceptedWith(new JsonObject { ["volume"] = VolumeWire.Basic(call, volume, clock.Ms()) });
    }

    private async Task<Answer> Show(Call call)
    {
        VolumeService.Check(call);
        var (volume, host) = await database.Read(async q =>
        {
            var found = await VolumeStore.Get(q, call.Actor, call["id"]);
            return (found, call.Actor.IsAdmin ? await hosts.Find(q, found.Row.HostId) : null);
        }, call.Stop);
        return Answer.Ok(new JsonObject { ["volume"] = VolumeWire.Full(call, volume, host, clock.Ms()) });
    }

    private async Task<Answer> Update(Call call)
    {
        VolumeService.Check(call);
        var change = await VolumeBody.Update(call);
        var volume = await database.Write(call.Actor, async tx =>
        {
            var row = (await VolumeStore.Get(tx, call.Actor, call["id"])).Row;
            await VolumeStore.Rename(tx, row, change);
            tx.Audit(call.Verb, "volume", row.Id, row.ProjectId);
            return await VolumeStore.Get(tx, call.Actor, row.Id);
        }, call.Stop);
        return Answer.Ok(new JsonObject { ["volume"] = VolumeWire.Basic(call, volume, clock.Ms()) });
    }

    private async Task<Answer> Delete(Call call)
    {
        VolumeService.Check(call);
        var force = call.AtLeast(23) && call.QueryFlag("force");
        if (force) call.NeedsAdmin("volume:force_delete");
        await database.Write(call.Actor, tx => VolumeDeletion.Delete(tx, call, call["id"], force), call.Stop);
        return Answer.Accepted;
    }
}
