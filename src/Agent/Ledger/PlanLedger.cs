using Google.Protobuf;
using Xiangyun.Protocol;

namespace Xiangyun.Agent.Ledger;

/// <summary>
/// Keeps the newest plan on disk, so that the host comes back without the control plane. A plan is answered only after
/// it is durable; an older one is refused.
/// </summary>
/// <param name="slim">Drops config drives and metadata from memory (simulated hosts do not use them).</param>
internal sealed class PlanLedger(string directory, bool slim)
{
    private readonly string _file = Path.Combine(directory, "plan.pb");

    public Plan Current { get; private set; } = Plan.None;

    public void Load()
    {
        Directory.CreateDirectory(directory);
        if (!File.Exists(_file)) return;
        using var stream = File.OpenRead(_file);
        Current = new Plan(Slim(HostPlan.Parser.ParseFrom(stream)));
    }

    /// <returns>null when stored; else why it was refused.</returns>
    public string? Store(HostPlan plan, out List<Key> changed)
    {
        changed = [];
        if (plan.Generation < Current.Generation) return $"plan {plan.Generation} is older than {Current.Generation} in the ledger";
        if (plan.Generation <= 0) return "a plan's generation must be positive";
        if (Doubles(plan) is { } twice) return $"{twice} is in the plan twice";
        AtomicFile.Write(_file, plan.ToByteArray(), durable: true);
        var next = new Plan(Slim(plan));
        changed = next.ChangedFrom(Current);
        Current = next;
        return null;
    }

    private HostPlan Slim(HostPlan plan)
    {
        if (!slim) return plan;
        foreach (var server in plan.Servers)
        {
            server.ConfigDrive = ByteString.Empty;
            server.Metadata.Clear();
        }
        return plan;
    }

    private static string? Doubles(HostPlan plan) =>
        plan.Servers.Select(s => s.Id).Concat(plan.Volumes.Select(v => v.Id)).Concat(plan.Networks.Select(n => n.Id))
            .GroupBy(id => id).FirstOrDefault(g => g.Count() > 1)?.Key;
}
