using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Placement.Public;
using Xiangyun.Store;

namespace Xiangyun.Placement.Allocations;

/// <summary>What every host says to a demand: the one decision behind placing, explaining and refusing.</summary>
internal sealed class Verdicts(IHosts hosts, IEnumerable<IAdmission> admissions)
{
    public async Task<IReadOnlyList<HostVerdict>> Of(Query q, Demand demand)
    {
        var all = await hosts.All(q);
        var rows = await q.Db<PlacementDb>().Inventories.ToListAsync();
        var (inventories, refused) = (rows.ToLookup(i => i.ProviderId), new List<IReadOnlyDictionary<string, string>>());
        foreach (var admission in admissions) refused.Add(await admission.Refused(q, demand, all, [.. rows.Select(Rooms.Of)]));
        return [.. all.Select(h => Judge(h, [.. inventories[h.Id]], demand, [.. refused.Select(r => r.GetValueOrDefault(h.Id)).OfType<string>()])).OrderByDescending(v => v.Fits).ThenByDescending(v => v.Score).ThenBy(v => v.HostName, StringComparer.Ordinal)];
    }

    /// <summary>Pure. The score spreads load: the larger free part of memory wins, then of vCPU.</summary>
    public static HostVerdict Judge(HostView host, IReadOnlyList<InventoryRow> inventory, Demand demand, IReadOnlyList<string>? besides = null)
    {
        var reasons = new List<string>(besides ?? []);
        if (!host.Enabled) reasons.Add($"disabled by the operator{(host.DisabledReason is { Length: > 0 } why ? $": {why}" : "")}");
        if (host.OffByCloud) reasons.Add($"is switched off by the cloud{(host.PowerWhy.Length > 0 ? $": {host.PowerWhy}" : "")}");
        else if (host.Waking) reasons.Add("was switched on and boots");
        else if (!host.Alive) reasons.Add(host.SeenAt == 0 ? "has never answered" : $"does not answer since {Clock.Seconds(host.SeenAt)}");
        if (demand.Only is { } only && !only.Contains(host.Id)) reasons.Add(demand.OnlyBecause ?? "is not the host that was asked for");
        if (demand.Not.Contains(host.Id)) reasons.Add(demand.NotBecause ?? "is excluded");
        if (demand.Zone is { } zone && zone != host.Zone) reasons.Add($"is in zone {host.Zone}, zone {zone} was asked for");
        if (demand.Arch is { } arch && host.Arch.Length > 0 && arch != host.Arch) reasons.Add($"is {host.Arch}, {arch} was asked for");
        foreach (var (resource, amount) in demand.Resources.Where(r => r.Value > 0))
        {
            var row = inventory.FirstOrDefault(i => i.Class == resource);
            if (row is null) reasons.Add($"has no {resource}");
            else if (row.Free < amount) reasons.Add(Words.Missing(resource, amount, row.Free));
            else if (amount > row.MaxUnit) reasons.Add(Words.Most(resource, amount, row.MaxUnit));
            else if (!row.Takes(amount)) reasons.Add($"gives {resource} only in steps of {row.StepSize} from {row.MinUnit}, {amount} was asked for");
        }
        return new HostVerdict(host.Id, host.Name, host.Simulated, reasons.Count == 0, reasons, reasons.Count == 0 ? Score(inventory) : 0);
    }

    private static double Score(IReadOnlyList<InventoryRow> inventory)
    {
        double Free(string name) => inventory.FirstOrDefault(i => i.Class == name) is { Capacity: > 0 } row ? (double)row.Free / row.Capacity : 0;
        return Math.Round(Free("MEMORY_MB") + Free("VCPU") / 10, 6);
    }
}
