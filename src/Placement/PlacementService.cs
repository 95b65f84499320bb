using Xiangyun.Wire;

namespace Xiangyun.Placement;

internal static class PlacementService
{
    /// <summary>1.0 to 1.10 as implemented: providers, inventories, aggregates (1.1), resource classes (1.2, 1.7), members (1.3, 1.4), traits (1.6), allocations with owner (1.8), usages (1.9) and candidates (1.10).</summary>
    public static readonly Service Service = new()
    {
        Types = ["placement"], Name = "placement", Root = "/placement", Prefixes = [""], Errors = ErrorStyle.Placement,
        Versions = new Microversions("placement", new(1, 0), new(1, 10)),
    };
}
