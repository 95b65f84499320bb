using System.Globalization;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Settings;

namespace Xiangyun.Audit.Retention;

/// <summary>
/// How long records are kept. Less than 180 days is refused: six months is what article 21 of the Cybersecurity Law of the
/// PRC demands of network logs, and what GB/T 22239-2019 is assessed against.
/// </summary>
internal static class Keeping
{
    public const long Least = 180;
    public const long Most = 36_500;
    public const long Usual = 365;
    private const string Name = "audit.retention_days";

    public static async Task<long> Days(Query q) =>
        long.TryParse(await Settings.Get(q, Name), NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? Math.Max(days, Least) : Usual;

    public static Task Set(Tx tx, long days) => Settings.Set(tx, Name, Check(days).ToString(CultureInfo.InvariantCulture));

    public static long Check(long days) => days is >= Least and <= Most ? days
        : throw CloudError.Invalid($"Audit records are kept for {Least} days or more (and {Most} at most), but {days} was asked for. The law demands six months; ask for {Least} or more.");
}
