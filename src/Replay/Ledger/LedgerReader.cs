using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xiangyun.Optimizer.Public;
using Xiangyun.Replay.Traces;

namespace Xiangyun.Replay.Ledger;

/// <summary>Reads back what a ledger was made of, and the recorded samples that it names. Results in the file are not believed and not read.</summary>
internal static class LedgerReader
{
    /// <param name="traces">Where the recorded days are now, if not where they were.</param>
    public static Book Read(IReadOnlyList<JsonObject> lines, string? traces)
    {
        var head = lines.FirstOrDefault(l => (string?)l["line"] == "ledger") ?? throw new WrongUse("the file is no ledger: its first line does not say so");
        if ((int?)head["format"] != LedgerLines.Format) throw new WrongUse($"the ledger is of format {head["format"]}; known is {LedgerLines.Format}");
        HostShape[] shapes = [.. head["shapes"]!.AsArray().Select(s => Estates.Named((string)s!["name"]!))];
        var (files, days, vms, sources, offsets) = (new List<SourceFile>(), new List<Trace>(), 0, new List<Source>(), new List<int>());
        foreach (var line in lines.Where(l => (string?)l["line"] == "source"))
        {
            var path = (string)line["path"]!;
            var (day, file) = Open(path, traces is null ? path : Path.Combine(traces, Path.GetFileName(Path.GetDirectoryName(path)!)!, Path.GetFileName(path)));
            offsets.Add(vms);
            sources.AddRange(day.Vms.Select((_, row) => new Source(files.Count, row + 1)));
            (vms, _, _) = (vms + day.Vms.Length, Add(files, file), Add(days, day));
        }
        if (days.Count == 0) throw new WrongUse("the ledger names no recorded day");
        var trace = days.Count == 1 ? days[0] : Trace.Merge(days);
        HostBook[] hosts = [.. lines.Where(l => (string?)l["line"] == "server").Select((l, n) => Host(l, n, shapes, trace, offsets, days))];
        var prices = head["prices"].Deserialize<Prices>(Prices.Json)!;
        return new Book(trace, files, sources, hosts, prices, (int)head["days"]!, (int)head["wave_days"]!, (string)head["policy"]!);
    }

    /// <summary>The day in a file, and what the ledger says of the file.</summary>
    public static (Trace Day, SourceFile File) Open(string named, string path)
    {
        if (!File.Exists(path)) throw new WrongUse($"{path} is not there: --traces DIR says where the recorded days are");
        var day = TraceFolder.Read(Path.GetDirectoryName(Path.GetFullPath(path))!)[0];
        return (day, new SourceFile(named, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), day.Vms.Length));
    }

    private static bool Add<T>(List<T> list, T item)
    {
        list.Add(item);
        return true;
    }

    private static HostBook Host(JsonObject line, int number, HostShape[] shapes, Trace trace, List<int> offsets, List<Trace> days) => new((string)line["server"]!, (string?)line["data_centre"], At(shapes, (int)line["shape"]!, "shape"),
        [.. line["samples"]!.AsArray().Select(s =>
        {
            var (file, row) = ((int)s!["file"]!, (int)s["row"]!);
            if (file < 0 || file >= days.Count || row < 1 || row > days[file].Vms.Length) throw new WrongUse($"{line["server"]}: there is no row {row} in file {file}");
            var vm = offsets[file] + row - 1;
            if (trace.Vms[vm].Name != (string?)s["vm"]) throw new WrongUse($"{line["server"]}: row {row} of file {file} is {trace.Vms[vm].Name}, not {s["vm"]}");
            return new Stay(vm, number, (double)s["start"]!, (double)s["from"]!, (double)s["left"]!, (double)s["to"]!);
        })],
        [.. line["on"]!.AsArray().Select(o => new Span((double)o![0]!, (double)o[1]!))]);

    private static T At<T>(T[] list, int index, string what) => index >= 0 && index < list.Length ? list[index] : throw new WrongUse($"there is no {what} {index}");
}
