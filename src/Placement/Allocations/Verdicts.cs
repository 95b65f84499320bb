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
        var (inventories, refused) = (rows.ToLookup(i => i.ProviderId), new List<IReadOnlyDictionary<string, Reason>>());
        foreach (var admission in admissions) refused.Add(await admission.Refused(q, demand, all, [.. rows.Select(Rooms.Of)]));
        return [.. all.Select(h => Judge(h, [.. inventories[h.Id]], demand, [.. refused.Select(r => r.GetValueOrDefault(h.Id)).OfType<Reason>()])).OrderByDescending(v => v.Fits).ThenByDescending(v => v.Score).ThenBy(v => v.HostName, StringComparer.Ordinal)];
    }

    /// <summary>Pure. The score spreads load: the larger free part of memory wins, then of vCPU.</summary>
    public static HostVerdict Judge(HostView host, IReadOnlyList<InventoryRow> inventory, Demand demand, IReadOnlyList<Reason>? besides = null)
    {
        var reasons = new List<Reason>(besides ?? []);
        void Say(string full, string? kind = null) => reasons.Add(new Reason(full, kind ?? full));
        if (!host.Enabled) Say($"disabled by the operator{(host.DisabledReason is { Length: > 0 } why ? $": {why}" : "")}", "disabled by the operator");
        if (host.OffByCloud) Say($"is switched off by the cloud{(host.PowerWhy.Length > 0 ? $": {host.PowerWhy}" : "")}", "switched off by the cloud");
        else if (host.Waking) Say("was switched on and boots");
        else if (!host.Alive) Say(host.SeenAt == 0 ? "has never answered" : $"does not answer since {Clock.Seconds(host.SeenAt)}", host.SeenAt == 0 ? null : "does not answer");
        if (demand.Only is { } only && !only.Contains(host.Id)) Say(demand.OnlyBecause ?? "is not the host that was asked for");
        if (demand.Not.Contains(host.Id)) Say(demand.NotBecause ?? "is excluded");
        if (demand.Zone is { } zone && zone != host.Zone) Say($"is in zone {host.Zone}, zone {zone} was asked for", $"not in zone {zone}, which was asked for");
        if (demand.Arch is { } arch && host.Arch.Length > 0 && arch != host.Arch) Say($"is {host.Arch}, {arch} was asked for");
        foreach (var (resource, amount) in demand.Resources.Where(r => r.Value > 0))
        {
            var row = inventory.FirstOrDefault(i => i.Class == resource);
            if (row is null) Say($"has no {resource}");
            else if (row.Free < amount) Say(Words.Missing(resource, amount, row.Free), Words.Short(resource, amount));
            else if (amount > row.MaxUnit) Say(Words.Most(resource, amount, row.MaxUnit), Words.TooSmall(resource, amount));
            else if (!row.Takes(amount)) Say($"gives {resource} only in steps of {row.StepSize} from {row.MinUnit}, {amount} was asked for");
        }
        return new HostVerdict(host.Id, host.Name, host.Simulated, reasons.Count == 0, [.. reasons.Select(r => r.Full)], reasons.Count == 0 ? Score(inventory) : 0) { Kinds = [.. reasons.Select(r => r.Kind)] };
    }

    private static double Score(IReadOnlyList<InventoryRow> inventory)
    {
        double Free(string name) => inventory.FirstOrDefault(i => i.Class == name) is { Capacity: > 0 } row ? (double)row.Free / row.Capacity : 0;
        return Math.Round(Free("MEMORY_MB") + Free("VCPU") / 10, 6);
    }
}
