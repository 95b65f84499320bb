using Xiangyun.Protocol;

namespace Xiangyun.Agent.Ledger;

/// <summary>The wanted state of the host, indexed and never changed: a newer plan replaces it whole.</summary>
internal sealed class Plan(HostPlan plan)
{
    public static readonly Plan None = new(new HostPlan());

    public long Generation { get; } = plan.Generation;
    public Dictionary<string, ServerPlan> Servers { get; } = plan.Servers.ToDictionary(s => s.Id);
    public Dictionary<string, VolumePlan> Volumes { get; } = plan.Volumes.ToDictionary(v => v.Id);
    public Dictionary<string, NetworkPlan> Networks { get; } = plan.Networks.ToDictionary(n => n.Id);

    /// <summary>Keys of everything, for a full pass.</summary>
    public IEnumerable<Key> Keys => Servers.Keys.Select(Key.Server).Concat(Volumes.Keys.Select(Key.Volume)).Concat(Networks.Keys.Select(Key.Network));

    /// <summary>Keys of what is new, gone or different in this plan.</summary>
    public List<Key> ChangedFrom(Plan old)
    {
        var changed = new List<Key>();
        Compare(old.Servers, Servers, Key.Server, changed);
        Compare(old.Volumes, Volumes, Key.Volume, changed);
        Compare(old.Networks, Networks, Key.Network, changed);
        return changed;
    }

    private static void Compare<T>(Dictionary<string, T> old, Dictionary<string, T> now, Func<string, Key> key, List<Key> changed)
    {
        foreach (var (id, row) in now)
            if (!old.TryGetValue(id, out var before) || !row!.Equals(before)) changed.Add(key(id));
        changed.AddRange(old.Keys.Where(id => !now.ContainsKey(id)).Select(key));
    }
}

internal enum Kind { Server, Volume, Network }

/// <summary>What a turn is about.</summary>
internal readonly record struct Key(Kind Kind, string Id)
{
    public static Key Server(string id) => new(Kind.Server, id);
    public static Key Volume(string id) => new(Kind.Volume, id);
    public static Key Network(string id) => new(Kind.Network, id);
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()}:{Id}";
}
