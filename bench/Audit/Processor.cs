using System.Globalization;
using Xiangyun.Testing;

namespace Xiangyun.AuditCost;

/// <summary>
/// Processor time of a cloud's server program. A machine that is busy with something else makes requests slower, but it does
/// not make them cost more: of the two figures this is the steadier one.
/// </summary>
internal static class Processor
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux

    public static double Seconds(Cloud cloud)
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(d => char.IsAsciiDigit(Path.GetFileName(d)[0])))
        {
            try
            {
                var line = File.ReadAllText($"{process}/cmdline");
                if (!line.Contains("Xiangyun.Server", StringComparison.Ordinal) || !line.Contains(cloud.Folder.Path, StringComparison.Ordinal)) continue;
                var stat = File.ReadAllText($"{process}/stat");
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
            }
            catch (IOException)
            {
                // It ended while it was looked at.
            }
        }
        throw new InvalidOperationException("the server of that cloud is gone");
    }
}
