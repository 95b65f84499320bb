using System.Globalization;

namespace Xiangyun.Engines.Libvirt;

/// <summary>Facts of the machine that the kernel tells in files.</summary>
internal static class HostBoot
{
    /// <summary>
    /// Differs after each start of the host, also where the "host" is a pid namespace: the kernel's boot id and when pid 1 began.
    /// </summary>
    public static string Id()
    {
        var stat = File.ReadAllText("/proc/1/stat");
        var began = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19]; // field 22 of proc(5), counted from after the command
        return $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()}:{began}";
    }

    public static long MemoryMib()
    {
        var line = File.ReadLines("/proc/meminfo").First(l => l.StartsWith("MemTotal:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    public static string CpuModel() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.OrdinalIgnoreCase))?.Split(':', 2)[1].Trim() ?? "";
}
