using System.Diagnostics;

namespace Xiangyun.Testing;

/// <summary>Polls until something is so, and says what was seen last when it never came.</summary>
public static class Wait
{
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(60);

    public static async Task Until(string what, Func<Task<bool>> wanted, TimeSpan? within = null)
    {
        for (var since = Stopwatch.StartNew(); since.Elapsed < (within ?? Usual); await Task.Delay(50))
            if (await wanted()) return;
        throw new TimeoutException($"Not within {(within ?? Usual).TotalSeconds} s: {what}.");
    }

    public static async Task<T> For<T>(string what, Func<Task<T>> look, Func<T, bool> wanted, TimeSpan? within = null)
    {
        var last = await look();
        for (var since = Stopwatch.StartNew(); !wanted(last); last = await look())
        {
            if (since.Elapsed > (within ?? Usual)) throw new TimeoutException($"Not within {(within ?? Usual).TotalSeconds} s: {what}. Last seen: {last}");
            await Task.Delay(50);
        }
        return last;
    }
}
