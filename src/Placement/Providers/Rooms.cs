using Microsoft.EntityFrameworkCore;
using Xiangyun.Placement.Public;
using Xiangyun.Store;

namespace Xiangyun.Placement.Providers;

/// <summary>The three classes that servers take of hosts, for those who plan.</summary>
internal sealed class Rooms : IRooms
{
    private static readonly string[] Classes = ["VCPU", "MEMORY_MB", "DISK_GB"];

    public async Task<IReadOnlyList<Room>> All(Query q) => await q.Db<PlacementDb>().Inventories.Where(i => Classes.Contains(i.Class)).OrderBy(i => i.ProviderId).ThenBy(i => i.Class).Select(i => new Room(i.ProviderId, i.Class, i.Total, i.Reserved, i.Ratio, i.Used)).ToListAsync();
}
