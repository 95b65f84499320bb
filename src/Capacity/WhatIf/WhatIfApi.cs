using System.Text.Json;
using System.Text.Json.Nodes;
using Xiangyun.Capacity.Forecasting;
using Xiangyun.Compute.Public;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Placement.Public;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Capacity.WhatIf;

/// <summary>POST /xiangyun/v1/capacity/what-if: what would be if servers came, hosts went or were bought, or overcommit were another. It only looks.</summary>
internal sealed class WhatIfApi(Database database, IHosts hosts, IRooms rooms, IServerFacts servers, Runway runway) : IApi
{
    private const int MostServers = 10_000, MostHosts = 10_000, Shown = 20;

    public Service Service => CapacityModule.Service;

    public void Map(Routes r) => r.Ask("/capacity/what-if", "capacity:plan", Ask);

    private async Task<Answer> Ask(Call call)
    {
        var f = await call.Body("what_if");
        return await database.Read(async q =>
        {
            var pool = await Present(q);
            var change = Read(f, pool, await servers.Flavors(q));
            f.Done();
            var outcome = Asking.Of(pool, change);
            return Answer.Ok(new JsonObject { ["outcome"] = Wire(outcome, change, await runway.All(q, "")) });
        }, call.Stop);
    }

    private async Task<Pool> Present(Query q)
    {
        var room = (await rooms.All(q)).ToLookup(r => r.HostId);
        var all = (await hosts.All(q)).Where(h => room[h.Id].Any()).Select(h =>
        {
            Load Of(Func<Room, double> value) => new(One(room[h.Id], "VCPU", value), One(room[h.Id], "MEMORY_MB", value), One(room[h.Id], "DISK_GB", value));
            return new PoolHost(h.Id, h.Name, h.Zone, h.Enabled && (h.Alive || h.OffByCloud), Of(r => r.Total), Of(r => r.Reserved), Of(r => r.Ratio), Of(r => r.Used), h.Alive ? h.CpuPercent / 100 * h.Vcpus : 0);
        }).ToList();
        var known = all.Select(h => h.Id).ToHashSet();
        return new Pool(all, [.. (await servers.All(q)).Where(s => s.HostId is { } id && known.Contains(id)).Select(s => new PoolServer(s.Id, s.Name, s.HostId!, new Load(s.Vcpus, s.RamMib, s.DiskGib)))]);
    }

    private static double One(IEnumerable<Room> rooms, string name, Func<Room, double> value) => rooms.Where(r => r.Class == name).Select(value).FirstOrDefault();

    private static Change Read(Fields f, Pool pool, IReadOnlyList<FlavorView> flavors)
    {
        var add = (f.ObjectsOr("add") ?? []).ConvertAll(a =>
        {
            var id = a.Text("flavor_id", 1, 255);
            var flavor = flavors.FirstOrDefault(x => x.Id == id || x.Name == id) ?? throw CloudError.Invalid($"Invalid input for field/attribute {a.At("flavor_id")}: there is no flavor {id}.");
            var addition = new Addition(flavor.Name, new Load(flavor.Vcpus, flavor.RamMib, flavor.DiskGib + flavor.EphemeralGib), (int)a.Number("count", 1, MostServers), Zone(a, pool));
            a.Done();
            return addition;
        });
        var lose = (f.TextsOr("lose") ?? []).Select(id => (pool.Hosts.FirstOrDefault(h => h.Id == id || h.Name == id) ?? throw CloudError.Invalid($"Invalid input for field/attribute {f.At("lose")}: there is no host {id}.")).Id).ToHashSet();
        var buy = (f.ObjectsOr("buy") ?? []).ConvertAll(b =>
        {
            var purchase = new Purchase((int)b.Number("count", 1, MostHosts), b.TextOr("zone", 1, 64) ?? pool.Hosts.FirstOrDefault()?.Zone ?? "nova", new Load(b.Number("vcpus", 1, 4096), b.Number("memory_mib", 1, 1L << 30), b.NumberOr("disk_gib", 0, 1L << 30) ?? 1000));
            b.Done();
            return purchase;
        });
        var ratio = f.ObjectOr("overcommit");
        var change = new Change(add, lose, buy, Ratio(ratio, "cpu"), Ratio(ratio, "memory"), ratio is null ? null : Zone(ratio, pool));
        ratio?.Done();
        if (add.Sum(a => a.Count) > MostServers || buy.Sum(b => b.Count) > MostHosts) throw CloudError.Invalid($"At most {MostServers} servers and {MostHosts} hosts at once.");
        return change;
    }

    private static string? Zone(Fields f, Pool pool) => f.TextOr("zone", 1, 64) is not { } zone ? null : pool.Hosts.Any(h => h.Zone == zone) ? zone : throw CloudError.Invalid($"Invalid input for field/attribute {f.At("zone")}: there is no zone {zone}.");

    private static double? Ratio(Fields? f, string name) => f?.Raw(name) is not { } raw || raw.ValueKind == JsonValueKind.Null ? null
        : raw.ValueKind == JsonValueKind.Number && raw.TryGetDouble(out var value) && value is >= 0.1 and <= 64 ? value : throw CloudError.Invalid($"Invalid input for field/attribute {f.At(name)}. It must be a number between 0.1 and 64.");

    private static JsonObject Wire(Outcome o, Change change, IReadOnlyList<Course> courses) => new()
    {
        ["added"] = new JsonArray([.. o.Added.Select(a => (JsonNode)new JsonObject { ["flavor"] = a.Wanted.Name, ["wanted"] = a.Wanted.Count, ["fits"] = a.Fits, ["zone"] = a.Wanted.Zone })]),
        ["moved"] = o.Moved, ["stranded"] = new JsonObject { ["count"] = o.Stranded.Count, ["servers"] = new JsonArray([.. o.Stranded.Take(Shown).Select(s => (JsonNode)new JsonObject { ["id"] = s.Id, ["name"] = s.Name })]) },
        ["before"] = Wire(o.Before), ["after"] = Wire(o.After), ["zones"] = new JsonArray([.. o.Zones.Select(z => (JsonNode)new JsonObject { ["zone"] = z.Key, ["before"] = Wire(z.Value.Before), ["after"] = Wire(z.Value.After) })]),
        ["n_plus_1"] = new JsonObject { ["before"] = Wire(o.ReserveBefore), ["after"] = Wire(o.ReserveAfter) },
        ["days_left"] = new JsonArray([.. courses.Where(c => c.Resource != "addresses").Select(c => (JsonNode)Left(c, o))]),
        ["lost"] = change.Lose.Count,
    };

    private static JsonObject Wire(Picture p) => new()
    {
        ["hosts"] = p.Hosts, ["hosts_in_use"] = p.InUse, ["cpu_percent"] = p.CpuPercent is { } cpu ? Math.Round(cpu, 1) : null, ["capacity"] = Wire(p.Capacity), ["allocated"] = Wire(p.Allocated),
    };

    private static JsonObject Wire(Load l) => new() { ["vcpus"] = l.Vcpus, ["ram_mib"] = l.RamMib, ["disk_gib"] = l.DiskGib };

    private static JsonObject Wire(Reserve r) => new() { ["held"] = r.Held, ["worst_host"] = r.Worst, ["stranded"] = r.Stranded };

    /// <summary>The same curve, lifted by what is added and measured against what there would be.</summary>
    private static JsonObject Left(Course c, Outcome o)
    {
        double Part(Load l) => c.Resource switch { "vcpus" => l.Vcpus, "ram_mib" => l.RamMib, _ => l.DiskGib };
        var (capacity, shift) = (Part(o.After.Capacity), Part(o.After.Allocated) - Part(o.Before.Allocated));
        var fan = c.Forecast?.Fan;
        return new JsonObject
        {
            ["resource"] = c.Resource, ["enough"] = fan is not null,
            ["before"] = fan is null ? null : new JsonObject { ["p10"] = c.P10, ["p50"] = c.P50, ["p90"] = c.P90 },
            ["after"] = fan is null ? null : new JsonObject { ["p10"] = Fan.Left(fan.P90, capacity, shift), ["p50"] = Fan.Left(fan.P50, capacity, shift), ["p90"] = Fan.Left(fan.P10, capacity, shift) },
        };
    }
}
