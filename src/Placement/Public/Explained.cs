using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;

namespace Xiangyun.Placement.Public;

/// <summary>What a dry run tells of placing. Names of hosts and what they have stand only in <see cref="Hosts"/>, which is empty for those who do not run hosts.</summary>
/// <param name="Fitting">How many hosts could take it, of <paramref name="Looked"/>.</param>
public sealed record Explained(bool Placeable, string? Message, int Fitting, int Looked, IReadOnlyList<Hindrance> Reasons, IReadOnlyList<HostVerdict> Hosts)
{
    public static Explained Of(IAllocations allocations, Actor actor, IReadOnlyList<HostVerdict> verdicts)
    {
        var (fitting, sees) = (verdicts.Count(v => v.Fits), HostSight.Of(actor));
        return new Explained(fitting > 0, fitting > 0 ? null : sees ? allocations.Details(verdicts) : allocations.Words(verdicts), fitting, verdicts.Count, allocations.Hindrances(verdicts), sees ? verdicts : []);
    }
}
