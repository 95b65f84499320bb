using Xiangyun.Kernel;

namespace Xiangyun.Agent.Applying;

/// <summary>
/// Faults that a test asks of a simulated host: <c>fail:VERB</c> (a lasting fault), <c>flaky:VERB</c> (a passing fault each time),
/// <c>stick:VERB</c> (never gets further), several separated by commas.
/// </summary>
internal static class Injection
{
    /// <returns>false = stick here.</returns>
    public static bool MayPass(string injection, string verb)
    {
        if (injection.Length == 0) return true;
        foreach (var part in injection.Split(',', StringSplitOptions.TrimEntries))
        {
            if (part == "fail:" + verb) throw new EngineFault("simulated", verb, "the test wanted this to fail", transient: false);
            if (part == "flaky:" + verb) throw new EngineFault("simulated", verb, "the test wanted this to fail for now", transient: true);
            if (part == "stick:" + verb) return false;
        }
        return true;
    }
}
