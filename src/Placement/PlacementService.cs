using Xiangyun.Wire;

namespace Xiangyun.Placement;

internal static class PlacementService
{
    /// <summary>
    /// 1.0 to 1.39. Hosts are providers; operators and services may put others inside or beside them.
    /// </summary>
    public static readonly Service Service = new()
    {
        Types = ["placement"], Name = "placement", Root = "/placement", Prefixes = [""], Errors = ErrorStyle.Placement,
        Versions = new Microversions("placement", new(1, 0), new(1, 39)),
    };
}
