using System.IO.Compression;
using Xiangyun.Optimizer.Public;

namespace Xiangyun.Replay.Traces;

/// <summary>Reads cpu.csv.gz: a row for each VM, `name,s0,..,s287`. A VM's type follows from its row, as in CloudSim's PlanetLab runs.</summary>
internal static class TraceFolder
{
    private static readonly (double Mips, double RamMb)[] Types = [(2500, 870), (2000, 1740), (1000, 1740), (500, 613)];

    public static IReadOnlyList<Trace> Read(string path)
    {
        if (File.Exists(Path.Combine(path, "cpu.csv.gz"))) return [ReadDay(path)];
        var days = Directory.Exists(path)
            ? Directory.GetDirectories(path).Where(d => File.Exists(Path.Combine(d, "cpu.csv.gz"))).Order(StringComparer.Ordinal).ToArray()
            : throw new WrongUse($"{path} is not a directory");
        return days.Length > 0 ? [.. days.Select(ReadDay)] : throw new WrongUse($"{path} holds no cpu.csv.gz, nor do the directories in it");
    }

    /// <summary>
    /// A PlanetLab VM is named `node_slice`, a slice `site_application`; only the slice `root` has no site. Members of a slice run the same program
    /// on many nodes. In the running cloud a server's project is its group.
    /// </summary>
    internal static string? GroupOf(string name)
    {
        var parts = name.Split('_', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return parts.Length < 3 ? null : parts[^1] == "root" ? "root" : $"{parts[^2]}_{parts[^1]}";
    }

    private static Trace ReadDay(string path)
    {
        var names = new List<string>();
        var samples = new List<byte[]>();
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(path, "cpu.csv.gz")), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0) continue;
            var parts = line.Split(',');
            if (parts.Length != Trace.Steps + 1) throw new WrongUse($"{path}, row {names.Count + 1}: {parts.Length - 1} samples instead of {Trace.Steps}");
            var row = new byte[Trace.Steps];
            for (var i = 0; i < row.Length; i++)
                if (!byte.TryParse(parts[i + 1], out row[i]) || row[i] > 100) throw new WrongUse($"{path}, row {names.Count + 1}: '{parts[i + 1]}' is not a whole per cent");
            names.Add(parts[0]);
            samples.Add(row);
        }
        if (names.Count == 0) throw new WrongUse($"{path}: cpu.csv.gz is empty");
        var quarter = (names.Count + Types.Length - 1) / Types.Length;
        var vms = names.Select((name, row) => new VmShape(name, Types[row / quarter].Mips, Types[row / quarter].RamMb) { Group = GroupOf(name) });
        return new Trace(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))), [.. vms], [.. samples]);
    }
}
