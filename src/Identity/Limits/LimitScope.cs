using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Catalog;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Limits;

/// <summary>Of what a limit is: a resource of a service, in one region or in all.</summary>
internal sealed record LimitScope(string ServiceId, string? RegionId, string ResourceName)
{
    public static LimitScope Read(Fields wish, LimitScope? before = null) => new(
        wish.TextOr("service_id", 1) ?? before?.ServiceId ?? wish.Text("service_id"),
        wish.Has("region_id") ? wish.TextOr("region_id", 1) : before?.RegionId,
        wish.TextOr("resource_name", 1) ?? before?.ResourceName ?? wish.Text("resource_name"));

    /// <summary>A whole number from -1 (without end) on; Keystone takes no texts here.</summary>
    public static long Amount(Fields wish, string name) => wish.Raw(name) is { ValueKind: System.Text.Json.JsonValueKind.Number } ? wish.Number(name, -1, int.MaxValue)
        : throw CloudError.Invalid($"Invalid input for field {wish.At(name)}: it must be a whole number from -1 to {int.MaxValue}.");

    public async Task MustExist(IdentityDb db, CatalogView catalog)
    {
        if (!catalog.Offered.Any(o => CatalogView.ServiceId(o.Type) == ServiceId) && !await db.Services.AnyAsync(s => s.Id == ServiceId)) throw CloudError.Invalid($"Could not find service: {ServiceId}.");
        if (RegionId is not null && RegionId != catalog.Region && !await db.Regions.AnyAsync(g => g.Id == RegionId)) throw CloudError.Invalid($"Could not find region: {RegionId}.");
    }
}
