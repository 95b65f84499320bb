using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;

namespace Xiangyun.Compute.Numbers;

/// <summary>The last whole number that was given to one kind of thing. A number is never given twice.</summary>
internal sealed class NumberRow
{
    public required string Kind { get; init; }
    public long Last { get; init; }

    public static async Task<long> Next(Tx tx, string kind)
    {
        await tx.Lock("number:" + kind);
        var rows = tx.Db<ComputeDb>().Numbers.Where(n => n.Kind == kind);
        if (await rows.ExecuteUpdateAsync(s => s.SetProperty(n => n.Last, n => n.Last + 1)) == 0)
        {
            tx.Db<ComputeDb>().Add(new NumberRow { Kind = kind, Last = 1 });
            await tx.Save();
        }
        return await rows.Select(n => n.Last).SingleAsync();
    }
}
