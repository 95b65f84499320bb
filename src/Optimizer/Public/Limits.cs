namespace Xiangyun.Optimizer.Public;

/// <summary>
/// What a plan must respect beside load and memory, as plain data: no callbacks, so that the same estate always gives the same plan. Replay
/// leaves it out; the running cloud fills it in.
/// </summary>
public sealed record Limits
{
    public static readonly Limits None = new();

    /// <summary>For each VM the hosts that it may use; null = all. One set is shared by all VMs of a kind. Empty: no VM has any bounds.</summary>
    public IReadOnlyList<IReadOnlySet<int>?> MayUse { get; init; } = [];

    /// <summary>VMs that stay where they are.</summary>
    public IReadOnlySet<int> Pinned { get; init; } = new HashSet<int>();

    /// <summary>Hosts that take nothing in.</summary>
    public IReadOnlySet<int> Closed { get; init; } = new HashSet<int>();

    /// <summary>VMs of which at most so many may share a host.</summary>
    public IReadOnlyList<Apart> Apart { get; init; } = [];

    /// <summary>How many moves of a plan may leave or enter each host. Empty: any number.</summary>
    public IReadOnlyList<int> MovesOfHost { get; init; } = [];

    /// <summary>The same for some neighbouring hosts and the VMs on them, numbered anew.</summary>
    internal Limits Part(int first, int size, int[] ids)
    {
        if (ReferenceEquals(this, None)) return None;
        var number = ids.Select((vm, i) => (vm, i)).ToDictionary(p => p.vm, p => p.i);
        var sets = new Dictionary<IReadOnlySet<int>, IReadOnlySet<int>>(ReferenceEqualityComparer.Instance);
        IReadOnlySet<int> Hosts(IReadOnlySet<int> all) => sets.TryGetValue(all, out var known) ? known : sets[all] = all.Where(h => h >= first && h < first + size).Select(h => h - first).ToHashSet();
        return this with
        {
            MayUse = MayUse.Count == 0 ? [] : [.. ids.Select(vm => MayUse[vm] is { } set ? Hosts(set) : null)],
            MovesOfHost = [.. MovesOfHost.Skip(first).Take(size)], Pinned = Pinned.Where(number.ContainsKey).Select(vm => number[vm]).ToHashSet(), Closed = Hosts(Closed),
            Apart = [.. Apart.Select(a => a with { Vms = [.. a.Vms.Where(number.ContainsKey).Select(vm => number[vm])] }).Where(a => a.Vms.Count > 1)],
        };
    }
}

/// <summary>At most <paramref name="Most"/> of these VMs on one host.</summary>
public sealed record Apart(int Most, IReadOnlyList<int> Vms);
