using System.IO.Compression;
using Xiangyun.Optimizer.Public;

namespace Xiangyun.Replay.Packing;

/// <summary>Recorded requests and servers: `vcpus,ram_gb,numa,strategy,group,domain` and `cpu0,ram0_gb,cpu1,ram1_gb,rack`.</summary>
internal static class Requests
{
    public static Wish[] Read(string file) => [.. Rows(file).Select(r => new Wish(int.Parse(r[0]), int.Parse(r[1]), int.Parse(r[2]), r[3] switch
    {
        "" => Together.Free,
        "affinity" => Together.SameRack,
        "anti-affinity" => Together.DifferentHosts,
        "fault_domain" => Together.FaultDomains,
        var other => throw new WrongUse($"{file}: '{other}' is no known strategy"),
    }, r[4].Length == 0 ? -1 : int.Parse(r[4]), r[5].Length == 0 ? -1 : int.Parse(r[5])))];

    public static Room[] Servers(string file) => [.. Rows(file).Select(r => new Room(int.Parse(r[4]), int.Parse(r[0]), int.Parse(r[1]), int.Parse(r[2]), int.Parse(r[3])))];

    private static IEnumerable<string[]> Rows(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        reader.ReadLine();
        while (reader.ReadLine() is { Length: > 0 } line) yield return line.Split(',');
    }
}
