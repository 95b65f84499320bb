using Microsoft.EntityFrameworkCore;

namespace Xiangyun.Store.Belongings;

public static class Heap
{
    /// <summary>Number and first few of some rows.</summary>
    public static async Task<Belongings> Of(string kind, IQueryable<Thing> rows, Ending? end = null)
    {
        var first = await rows.Take(IBelongings.Shown).ToListAsync();
        return new Belongings(kind, first.Count < IBelongings.Shown ? first.Count : await rows.CountAsync(), first, end);
    }
}
