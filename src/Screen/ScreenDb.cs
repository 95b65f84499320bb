using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;

namespace Xiangyun.Screen;

internal sealed class ScreenDb(DbContextOptions<ScreenDb> options) : ModuleContext(options)
{
    public DbSet<TokenRow> Tokens => Set<TokenRow>();

    protected override void OnModelCreating(ModelBuilder model) => model.Entity<TokenRow>().ToTable("screen_token").HasKey(t => t.Id);
}

/// <summary>Opens the big screen until it expires, and nothing else; only its hash is kept.</summary>
internal sealed class TokenRow
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Hash { get; init; }
    public required string CreatedBy { get; init; }
    public long CreatedAt { get; init; }
    public long ExpiresAt { get; init; }
}
