using Microsoft.EntityFrameworkCore;

namespace Xiangyun.Store.Quotas;

/// <summary>
/// Loans move a part of one grant to another for a time. They count while they are accepted, not ended and not expired:
/// a question of the clock, so that the return needs nobody and cannot be forgotten.
/// </summary>
public static class Loans
{
    public static IQueryable<LoanRow> Rows(Query q) => q.Db<QuotaDb>().Loans;

    public static void Add(Tx tx, LoanRow row) => tx.Db<QuotaDb>().Add(row);

    private static IQueryable<LoanRow> Counting(Query q)
    {
        var now = q.Now;
        return q.Db<QuotaDb>().Loans.Where(l => l.Accepted == true && l.EndedAt == null && l.ExpiresAt > now);
    }

    public static async Task<(long Borrowed, long Lent)> Of(Query q, string id, string resource)
    {
        var rows = await Counting(q).Where(l => l.Resource == resource && (l.LenderId == id || l.BorrowerId == id)).ToListAsync();
        return (rows.Where(l => l.BorrowerId == id).Sum(l => l.Amount), rows.Where(l => l.LenderId == id).Sum(l => l.Amount));
    }

    /// <summary>The same for every resource that has a loan.</summary>
    public static async Task<Dictionary<string, (long Borrowed, long Lent)>> Balances(Query q, string id) =>
        (await Counting(q).Where(l => l.LenderId == id || l.BorrowerId == id).ToListAsync()).GroupBy(l => l.Resource)
        .ToDictionary(g => g.Key, g => (g.Where(l => l.BorrowerId == id).Sum(l => l.Amount), g.Where(l => l.LenderId == id).Sum(l => l.Amount)));
}
