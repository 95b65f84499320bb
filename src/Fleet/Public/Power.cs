using Xiangyun.Store;

namespace Xiangyun.Fleet.Public;

/// <summary>Whether a host is switched on.</summary>
public enum PowerState { Unknown, On, Off }

/// <summary>Switches hosts on and off for those who plan (consolidation) and those who ask (operators).</summary>
public interface IHostPower
{
    /// <summary>
    /// Wants a host on or off; the power reconciler makes it so. Off is refused (<c>CloudError</c> Conflict, the reason in plain words) while
    /// <see cref="WhyNotOff"/> says so. Wanting what is wanted already only keeps the new reason. Writes its own audit row.
    /// </summary>
    Task Want(Tx tx, string hostId, bool on, string why);

    /// <returns>Why this host must not be switched off now, or null: it may. A host that is off already, or on its way, may.</returns>
    Task<string?> WhyNotOff(Query q, string hostId);

    /// <returns>What controllers told last, by host id; hosts without one are not among them.</returns>
    Task<IReadOnlyDictionary<string, HostMeasure>> Measures(Query q);
}

/// <summary>What a host's controller told.</summary>
/// <param name="Watts">null = it does not measure.</param>
/// <param name="At">When, milliseconds since 1970.</param>
public sealed record HostMeasure(string Model, double? Watts, long At);

/// <summary>Registered by Placement: how much of each host is promised. In hosts that take servers and in all others.</summary>
public interface IHostLoads
{
    /// <summary>Whoever decides by the loads waits for those who place just now, and they for him.</summary>
    Task Lock(Tx tx);

    /// <returns>By host id; a host that was never seen has none.</returns>
    Task<IReadOnlyDictionary<string, HostLoad>> Of(Query q);
}

/// <summary>What a host can hold and what it holds, by resource class (VCPU, MEMORY_MB, DISK_GB), overcommit and reserve counted in.</summary>
public sealed record HostLoad(IReadOnlyDictionary<string, long> Capacity, IReadOnlyDictionary<string, long> Used);
