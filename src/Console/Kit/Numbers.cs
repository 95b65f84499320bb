using System.Globalization;

namespace Xiangyun.Console.Kit;

/// <summary>Numbers as people read them, the same in both languages: thousands apart, binary units.</summary>
internal static class Numbers
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>What can be asked for and lent, as the quota tree calls it.</summary>
    public static readonly IReadOnlyList<string> Divided = ["compute.cores", "compute.instances", "compute.ram", "volume.gigabytes", "volume.volumes", "network.floatingip", "network.exit_bandwidth", "hosting.sites"];

    public static string Count(double number) => number.ToString("#,0.#", CultureInfo.InvariantCulture);

    public static string Percent(double of100) => of100.ToString(of100 is > 0 and < 10 ? "0.0" : "0", CultureInfo.InvariantCulture) + " %";

    public static string Size(double bytes)
    {
        var unit = 0;
        while (Math.Abs(bytes) >= 1024 && unit < Units.Length - 1) (bytes, unit) = (bytes / 1024, unit + 1);
        return bytes.ToString("0.#", CultureInfo.InvariantCulture) + " " + Units[unit];
    }

    public static string Rate(double bytesASecond) => Size(bytesASecond) + "/s";

    public static string Mib(double mib) => Size(mib * 1048576);
    public static string Gib(double gib) => Size(gib * 1073741824);
}
