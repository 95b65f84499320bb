using System.Text.Json.Nodes;
using Xiangyun.Approvals.Public;
using Xiangyun.Capacity.Settings;
using Xiangyun.Capacity.Sizing;
using Xiangyun.Compute.Public;
using Xiangyun.Kernel;
using Xiangyun.Store.Idle;
using Xiangyun.Telemetry.Public;

namespace Xiangyun.Capacity.Idle;

/// <summary>One thing that seems idle, with what was measured.</summary>
internal sealed record Found(string Kind, string ObjectKind, string ObjectId, string? Name, string ProjectId, long Since, long Cost, JsonObject Evidence);

/// <summary>Which things nobody uses: a pure function of what there is, what was measured, and the limits.</summary>
internal static class Finder
{
    private const long Day = 24 * 3_600_000;

    public static IEnumerable<Found> Look(long now, IReadOnlyList<ServerFacts> servers, IReadOnlyDictionary<string, UseProfile> profiles, IEnumerable<Leftover> leftovers, PriceList prices, Policy policy)
    {
        foreach (var s in servers)
        {
            if (s.StoppedAt is { } stopped)
            {
                if (now - stopped >= policy.LeftDays * Day)
                    yield return new Found("server_stopped", "server", s.Id, s.Name, s.ProjectId, stopped, Sizer.Cost(s.Vcpus, s.RamMib, prices) + prices.Of("volume.gigabytes", s.DiskGib), new JsonObject { ["stopped_at"] = Clock.Seconds(stopped)[..10], ["vcpus"] = s.Vcpus, ["ram_mib"] = s.RamMib, ["disk_gib"] = s.DiskGib });
            }
            else if (s.Status == "ACTIVE" && profiles.TryGetValue(s.Id, out var p) && Idles(p, policy) is { } evidence)
                yield return new Found("server_idle", "server", s.Id, s.Name, s.ProjectId, p.From, Sizer.Cost(s.Vcpus, s.RamMib, prices), evidence);
        }
        foreach (var l in leftovers)
        {
            var days = l.Kind == "snapshot" ? policy.SnapshotDays : policy.LeftDays;
            if (now - l.Since >= days * Day) yield return new Found(l.Kind, l.Kind, l.Id, l.Name, l.ProjectId, l.Since, prices.Of(l.Resource, l.Amount), new JsonObject { ["since"] = Clock.Seconds(l.Since)[..10], ["amount"] = l.Amount, ["resource"] = l.Resource });
        }
    }

    /// <returns>What was measured, when all of it is below the limits for all the days; null when not, or when too little is known.</returns>
    public static JsonObject? Idles(UseProfile p, Policy policy)
    {
        if (p.Hours == 0 || p.DaysKnown < policy.IdleDays || p.P95 > policy.IdleCpu) return null;
        var days = p.Days.Where(d => d.DiskBytesS is not null && d.NetBytesS is not null).TakeLast(Math.Max(1, (int)Math.Ceiling(policy.IdleDays))).ToList();
        if (days.Count < Math.Min(30, Math.Ceiling(policy.IdleDays)) || days.Count == 0) return null;
        var (disk, net) = (days.Max(d => d.DiskBytesS!.Value), days.Max(d => d.NetBytesS!.Value));
        return disk > policy.IdleDisk || net > policy.IdleNet ? null
            : new JsonObject { ["days"] = Math.Floor(p.DaysKnown), ["cpu_p95"] = Math.Round(p.P95, 1), ["cpu_peak"] = Math.Round(p.Peak, 1), ["disk_bytes_s"] = Math.Round(disk), ["net_bytes_s"] = Math.Round(net), ["limits"] = new JsonObject { ["days"] = policy.IdleDays, ["cpu"] = policy.IdleCpu, ["disk_bytes_s"] = policy.IdleDisk, ["net_bytes_s"] = policy.IdleNet } };
    }
}
