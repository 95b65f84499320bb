using Xiangyun.Fleet.Public;
using Xiangyun.Store;

namespace Xiangyun.Placement.Public;

/// <summary>What one host has of one class (VCPU, MEMORY_MB, DISK_GB).</summary>
/// <param name="Capacity">What may be booked: what there is, less what is reserved for the host, times the overcommit ratio.</param>
/// <param name="Used">What is booked.</param>
public sealed record Room(string HostId, string Class, long Total, long Reserved, double Ratio, long Capacity, long Used);

/// <summary>What one consumer (a server) has booked on one host.</summary>
public sealed record Booking(string ConsumerId, string HostId, string Class, long Amount);

/// <summary>Reads what hosts have and sets by how much it may be overcommitted.</summary>
public interface IRooms
{
    Task<IReadOnlyList<Room>> All(Query q);

    Task<ILookup<string, Booking>> BookedBy(Query q);

    /// <summary>From now on so many times of what there is may be booked on these hosts. What is booked already stays.</summary>
    Task Overcommit(Tx tx, IReadOnlyCollection<string> hostIds, string resourceClass, double ratio);
}

/// <summary>Why a host does not take a demand.</summary>
/// <param name="Full">With the host's own numbers: for those who run hosts.</param>
/// <param name="Kind">Without anything of the host, for everybody; hosts with the same are counted together.</param>
public sealed record Reason(string Full, string Kind);

/// <summary>Registered by higher modules: hosts that must not take a demand whatever room they have, and why in plain words.</summary>
public interface IAdmission
{
    Task<IReadOnlyDictionary<string, Reason>> Refused(Query q, Demand demand, IReadOnlyList<HostView> hosts, IReadOnlyList<Room> rooms);
}
