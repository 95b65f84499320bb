using System.Globalization;
using Xiangyun.Engines.Process;

namespace Xiangyun.Engines.Haproxy;

/// <summary>The proxy of one namespace: known by its pid file, believed only when that process really runs our configuration.</summary>
internal static class HaproxyProcess
{
    public static async Task Ensure(Place place, CancellationToken ct)
    {
        if (Find(place) is not null) return;
        File.Delete(place.Pid);
        await Run.Output("metadata", "proxy", "ip", ["netns", "exec", place.Namespace, "haproxy", "-D", "-f", place.Config, "-p", place.Pid], ct);
    }

    public static void Stop(Place place)
    {
        if (Find(place) is not { } pid) return;
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(pid);
            process.Kill();
            process.WaitForExit(2000);
        }
        catch (ArgumentException) { } // it ended meanwhile
    }

    private static int? Find(Place place)
    {
        if (!File.Exists(place.Pid) || !int.TryParse(File.ReadAllText(place.Pid).Split('\n')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)) return null;
        var commandLine = $"/proc/{pid}/cmdline";
        return File.Exists(commandLine) && File.ReadAllText(commandLine).Split('\0').Contains(place.Config) ? pid : null;
    }
}
