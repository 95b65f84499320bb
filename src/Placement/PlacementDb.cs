using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;

namespace Xiangyun.Placement;

internal sealed class ProviderRow
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public long Generation { get; init; }
    /// <summary>JSON lists of names.</summary>
    public string Traits { get; init; } = "[]";
    public string Aggregates { get; init; } = "[]";
    /// <summary>The provider that this one lies in; null = it is the root of its tree.</summary>
    public string? ParentId { get; init; }
    public long CreatedAt { get; init; }
}

internal sealed class InventoryRow
{
    public required string ProviderId { get; init; }
    public required string Class { get; init; }
    public long Total { get; init; }
    public long Reserved { get; init; }
    public long MinUnit { get; init; } = 1;
    public long MaxUnit { get; init; }
    public long StepSize { get; init; } = 1;
    public double Ratio { get; init; } = 1;
    /// <summary>Sum of the allocations of this class; changed only together with them.</summary>
    public long Used { get; init; }

    public long Capacity => (long)((Total - Reserved) * Ratio);
    public long Free => Capacity - Used;

    public bool Takes(long amount) => amount <= Free && amount >= MinUnit && amount <= MaxUnit && amount % StepSize == 0;
}

internal sealed class AllocationRow
{
    public required string ConsumerId { get; init; }
    public required string ProviderId { get; init; }
    public required string Class { get; init; }
    public long Amount { get; init; }
    public required string ProjectId { get; init; }
    public required string UserId { get; init; }
}

internal sealed class ConsumerRow
{
    public required string Id { get; init; }
    public long Generation { get; init; }
    /// <summary>null = whoever wrote it did not say.</summary>
    public string? Type { get; init; }
}

internal sealed class ResourceClassRow
{
    public required string Name { get; init; }
}

internal sealed class TraitRow
{
    public required string Name { get; init; }
}

internal sealed class PlacementDb(DbContextOptions<PlacementDb> options) : ModuleContext(options)
{
    public DbSet<ProviderRow> Providers => Set<ProviderRow>();
    public DbSet<InventoryRow> Inventories => Set<InventoryRow>();
    public DbSet<AllocationRow> Allocations => Set<AllocationRow>();
    public DbSet<ConsumerRow> Consumers => Set<ConsumerRow>();
    public DbSet<ResourceClassRow> ResourceClasses => Set<ResourceClassRow>();
    public DbSet<TraitRow> Traits => Set<TraitRow>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<ProviderRow>().ToTable("provider").HasKey(r => r.Id);
        model.Entity<InventoryRow>(e => { e.ToTable("inventory").HasKey(r => new { r.ProviderId, r.Class }); e.Ignore(r => r.Capacity); e.Ignore(r => r.Free); });
        model.Entity<AllocationRow>().ToTable("allocation").HasKey(r => new { r.ConsumerId, r.ProviderId, r.Class });
        model.Entity<ConsumerRow>().ToTable("consumer").HasKey(r => r.Id);
        model.Entity<ResourceClassRow>().ToTable("resource_class").HasKey(r => r.Name);
        model.Entity<TraitRow>().ToTable("trait").HasKey(r => r.Name);
    }
}
