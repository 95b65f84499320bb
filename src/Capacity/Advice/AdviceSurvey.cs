using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Approvals.Public;
using Xiangyun.Capacity.Settings;
using Xiangyun.Capacity.Sizing;
using Xiangyun.Compute.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Telemetry.Public;

namespace Xiangyun.Capacity.Advice;

/// <summary>Compares the servers of one project with what they used and brings its proposals up to date; what is under way or was refused lately is left alone.</summary>
internal static class AdviceSurvey
{
    /// <summary>What ended so long ago is told by the audit log only.</summary>
    private const long Kept = 400L * 24 * 3_600_000;

    public static async Task Bring(Tx tx, string projectId, IReadOnlyList<ServerFacts> servers, IReadOnlyList<FlavorView> flavors, IReadOnlyDictionary<string, UseProfile> profiles, PriceList prices, Policy policy)
    {
        var db = tx.Db<CapacityDb>();
        await db.Advice.Where(a => a.ProjectId == projectId && a.UpdatedAt < tx.Now - Kept && !States.UnderWay.Contains(a.State)).ExecuteDeleteAsync();
        var rows = (await db.Advice.Where(a => a.ProjectId == projectId && (a.State == States.Proposed || States.UnderWay.Contains(a.State) || a.QuietUntil > tx.Now)).ToListAsync()).ToLookup(a => a.ServerId);
        var (stale, fresh) = (rows.SelectMany(r => r).Where(a => a.State == States.Proposed).ToDictionary(a => a.Id), new List<AdviceRow>());
        foreach (var server in servers)
        {
            if (rows[server.Id].Any(a => a.State != States.Proposed) || server.Status is not ("ACTIVE" or "SHUTOFF") || server.StoppedAt is not null) continue;
            if (!profiles.TryGetValue(server.Id, out var profile) || Sizer.Advise(server, profile, flavors, prices, policy) is not { } proposal) continue;
            var old = rows[server.Id].FirstOrDefault();
            var row = Row(tx, old?.Id ?? Id.New(), server, flavors.First(f => f.Id == server.FlavorId), profile, proposal, old, policy);
            if (old is not null) stale.Remove(old.Id);
            if (old is not null && old.FromId == row.FromId && old.ToId == row.ToId && old.Confidence == row.Confidence && old.Evidence == row.Evidence && old.ServerName == row.ServerName) continue;
            if (old is not null) await db.Advice.Where(a => a.Id == old.Id && a.State == States.Proposed).ExecuteDeleteAsync();
            fresh.Add(row);
        }
        var gone = stale.Keys.ToList();
        if (gone.Count > 0) await db.Advice.Where(a => gone.Contains(a.Id) && a.State == States.Proposed).ExecuteDeleteAsync();
        db.AddRange(fresh);
    }

    private static AdviceRow Row(Tx tx, string id, ServerFacts s, FlavorView now, UseProfile p, Proposal to, AdviceRow? old, Policy policy) => new()
    {
        Id = id, ServerId = s.Id, ServerName = s.Name, ProjectId = s.ProjectId, Kind = to.Kind, State = States.Proposed, FromId = now.Id, FromName = now.Name, FromVcpus = s.Vcpus, FromRamMib = s.RamMib,
        ToId = to.To.Id, ToName = to.To.Name, ToVcpus = to.To.Vcpus, ToRamMib = to.To.RamMib, Saved = to.Saved, Confidence = to.Confidence, Evidence = Evidence(s, p, to, policy).ToJsonString(),
        Generation = (old?.Generation ?? 0) + 1, CreatedAt = old?.CreatedAt ?? tx.Now, UpdatedAt = tx.Now,
    };

    /// <summary>Whole days, so that it changes once a day and not with every look.</summary>
    private static JsonObject Evidence(ServerFacts s, UseProfile p, Proposal to, Policy policy) => new()
    {
        ["from"] = Clock.Seconds(p.From)[..10], ["to"] = Clock.Seconds(p.To)[..10], ["days"] = Math.Floor(p.DaysKnown),
        ["cpu"] = new JsonObject { ["p50"] = Math.Round(p.P50), ["p95"] = Math.Round(p.P95), ["p99"] = Math.Round(p.P99), ["peak"] = Math.Round(p.Peak), ["wait_p95"] = p.WaitP95 is { } w ? Math.Round(w, 1) : null, ["target"] = policy.CpuTarget, ["needs"] = to.Cpu.Least, ["has"] = s.Vcpus, ["why"] = to.Cpu.Why },
        ["memory"] = new JsonObject { ["p50"] = p.MemoryP50, ["p95"] = p.MemoryP95, ["peak"] = p.MemoryPeak, ["margin"] = policy.MemoryMargin, ["needs_mib"] = to.Memory.Least, ["has_mib"] = s.RamMib, ["why"] = to.Memory.Why },
    };
}
