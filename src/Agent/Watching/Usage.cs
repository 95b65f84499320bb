using System.Globalization;
using Xiangyun.Agent.Hosts;
using Xiangyun.Engines.Simulated;
using Xiangyun.Kernel;
using Xiangyun.Protocol;

namespace Xiangyun.Agent.Watching;

/// <summary>How full and how busy the host is: the kernel's own counters, or for a simulated host what its plan adds up to.</summary>
internal static class Usage
{
    private static (long Busy, long Total) s_last;

    public static async Task<HostUsage> Of(Workplace at, CancellationToken ct)
    {
        var usage = new HostUsage { RunningServers = at.Board.Running };
        if (at.Load is { } load)
        {
            var running = at.Plan.Servers.Values.Where(s => at.Board.Server(s.Id)?.Power == Power.Running).ToList();
            var facts = await at.Guests.Facts(ct);
            var wanted = running.ConvertAll(s => load.Wanted(s.Id, s.Vcpus, s.MemoryMib, s.FaultInjection, at.Clock.GetUtcNow()));
            var (processors, memory) = (wanted.Sum(w => w.Processors), wanted.Sum(w => w.MemoryMib));
            usage.MemoryUsedMib = Math.Min(facts.MemoryMib, running.Sum(s => s.MemoryMib));
            usage.CpuPercent = Math.Round(Math.Min(100, 100 * processors / facts.Vcpus), 1);
            (usage.CpuPressure, usage.MemoryPressure) = ((float)(100 - 100 * SimulatedLoad.Share(facts.Vcpus, processors)), (float)(100 - 100 * SimulatedLoad.Share(facts.MemoryMib, memory)));
        }
        else
        {
            usage.MemoryUsedMib = await Memory(ct);
            usage.CpuPercent = Processor(await File.ReadAllLinesAsync("/proc/stat", ct));
            if (await Pressure("cpu", ct) is { } cpu) usage.CpuPressure = cpu;
            if (await Pressure("memory", ct) is { } memory) usage.MemoryPressure = memory;
        }
        try
        {
            usage.DiskUsedGib = (await at.Disks.Use(ct)).UsedBytes >> 30;
        }
        catch (EngineFault e)
        {
            at.Log.SweepFailed(at.Host, e.Message);
        }
        return usage;
    }

    private static async Task<long> Memory(CancellationToken ct)
    {
        long total = 0, available = 0;
        foreach (var line in await File.ReadAllLinesAsync("/proc/meminfo", ct))
        {
            if (line.StartsWith("MemTotal:", StringComparison.Ordinal)) total = Kib(line);
            if (line.StartsWith("MemAvailable:", StringComparison.Ordinal)) available = Kib(line);
        }
        return (total - available) / 1024;
    }

    /// <summary>PSI, "some avg10"; null where the kernel does not tell.</summary>
    private static async Task<float?> Pressure(string of, CancellationToken ct)
    {
        try
        {
            var line = (await File.ReadAllLinesAsync("/proc/pressure/" + of, ct)).FirstOrDefault(l => l.StartsWith("some ", StringComparison.Ordinal));
            return line?.Split(' ').FirstOrDefault(w => w.StartsWith("avg10=", StringComparison.Ordinal)) is { } word ? float.Parse(word["avg10=".Length..], CultureInfo.InvariantCulture) : null;
        }
        catch (IOException)
        {
            return null; // built without PSI, or switched off
        }
    }

    /// <summary>Busy share since the last time anybody asked, 0-100.</summary>
    private static double Processor(string[] stat)
    {
        var fields = stat[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(f => long.Parse(f, CultureInfo.InvariantCulture)).ToArray();
        var now = (Busy: fields.Take(8).Sum() - fields[3] - fields[4], Total: fields.Take(8).Sum());
        var before = s_last;
        s_last = now;
        return now.Total <= before.Total ? 0 : Math.Round(100.0 * (now.Busy - before.Busy) / (now.Total - before.Total), 1);
    }

    private static long Kib(string line) => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
