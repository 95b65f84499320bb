using Xiangyun.Wire;

namespace Xiangyun.Placement;

internal static class PlacementService
{
    /// <summary>
    /// 1.0 to 1.29. Providers are flat here: hosts have no children and share nothing, so a parent is refused and every group
    /// of a granular request (1.25) meets in one provider. The next version, 1.30, is the reshaper of nested providers.
    /// </summary>
    public static readonly Service Service = new()
    {
        Types = ["placement"], Name = "placement", Root = "/placement", Prefixes = [""], Errors = ErrorStyle.Placement,
        Versions = new Microversions("placement", new(1, 0), new(1, 29)),
    };
}
