using Microsoft.EntityFrameworkCore;

namespace Xiangyun.Store;

/// <summary>
/// A module's typed view of its own tables. EF Core is only the query layer: no tracking, no navigation
/// properties, no migrations. Names follow snake_case, so row members map without attributes.
/// </summary>
public abstract class ModuleContext(DbContextOptions options) : DbContext(options)
{
    /// <summary>Milliseconds since 1970 when the query began: what a filter of a model may compare with.</summary>
    public long Now { get; internal set; }
}
