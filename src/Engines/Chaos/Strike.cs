using System.Diagnostics;
using Xiangyun.Kernel;

namespace Xiangyun.Engines.Chaos;

public enum StrikeKind { Throw, Kill }

/// <summary>
/// For tests: the n-th engine call fails or kills this process, before it did its work or right after (the work is done
/// but nobody learns of it). Shared by all engines of a host, so that n = 1, 2, 3 ... walks through everything that happens.
/// </summary>
public sealed class Strike(StrikeKind kind, bool after, int at)
{
    private int _calls;

    /// <summary>Calls so far.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Has it happened?</summary>
    public bool Happened => Calls >= at;

    /// <summary>Reads <c>throw-before:3</c>, <c>throw-after:3</c>, <c>kill-before:3</c>, <c>kill-after:3</c>; empty = null.</summary>
    public static Strike? Parse(string text)
    {
        if (text.Length == 0) return null;
        var parts = text.Split('-', ':');
        if (parts.Length != 3 || parts[0] is not ("throw" or "kill") || parts[1] is not ("before" or "after") || !int.TryParse(parts[2], out var at))
            throw new ArgumentException($"--chaos must look like throw-before:3, not '{text}'.");
        return new Strike(parts[0] == "kill" ? StrikeKind.Kill : StrikeKind.Throw, parts[1] == "after", at);
    }

    public async Task<T> Around<T>(string engine, string verb, Func<Task<T>> call)
    {
        var mine = Interlocked.Increment(ref _calls) == at;
        if (mine && !after) Hit(engine, verb);
        var answer = await call();
        if (mine && after) Hit(engine, verb);
        return answer;
    }

    public Task Around(string engine, string verb, Func<Task> call) => Around(engine, verb, async () =>
    {
        await call();
        return true;
    });

    private void Hit(string engine, string verb)
    {
        if (kind == StrikeKind.Kill)
        {
            using var self = System.Diagnostics.Process.GetCurrentProcess();
            self.Kill();
        }
        throw new EngineFault(engine, verb, $"chaos struck at call {at}", transient: true);
    }
}
