using System.Runtime.InteropServices;
using Xiangyun.Engines.Guests;
using Xiangyun.Kernel;

namespace Xiangyun.Engines.Libvirt;

/// <summary>What all running guests use, in one call to libvirt; a guest that is busy with a job is told without what would have to wait for it.</summary>
internal static unsafe class DomainStats
{
    private const uint Wanted = 2 /* processors */ | 4 /* balloon */ | 8 /* each processor */ | 16 /* interfaces */ | 32 /* disks */, Active = 1, NoWait = 1u << 29;

    [StructLayout(LayoutKind.Sequential)]
    public struct Record
    {
        public nint Domain;
        public Parameter* Parameters;
        public int Count;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Parameter
    {
        public fixed byte Field[80];
        public int Type;
        public ulong Value;
    }

    public static IReadOnlyList<GuestUse> Read(nint connection)
    {
        Record** records;
        var count = Native.AllStats(connection, Wanted, &records, Active | NoWait);
        if (count < 0) throw LibvirtError.Fault("use");
        var uses = new List<GuestUse>(count);
        for (var i = 0; i < count; i++)
        {
            var name = Marshal.PtrToStringUTF8(Native.Name(records[i]->Domain)) ?? "";
            if (name.StartsWith(DomainXml.Prefix, StringComparison.Ordinal) && Id.Canonical(name[DomainXml.Prefix.Length..]) is { } id) uses.Add(Of(id, Values(*records[i])));
        }
        Native.StatsFree(records);
        return uses;
    }

    /// <summary>Whole numbers only (types 1 to 4 of libvirt's typed parameters); a 32-bit one lies in the lower half.</summary>
    private static Dictionary<string, ulong> Values(Record record)
    {
        var values = new Dictionary<string, ulong>(record.Count);
        for (var i = 0; i < record.Count; i++)
        {
            var parameter = record.Parameters + i;
            if (parameter->Type is < 1 or > 4) continue;
            values[Marshal.PtrToStringUTF8((nint)parameter->Field) ?? ""] = parameter->Type <= 2 ? (uint)parameter->Value : parameter->Value;
        }
        return values;
    }

    internal static GuestUse Of(string id, IReadOnlyDictionary<string, ulong> v)
    {
        long? Kib(string name) => v.TryGetValue(name, out var kib) ? (long)(kib / 1024) : null;
        long Sum(string kind, string what) => (long)v.Where(p => p.Key.StartsWith(kind + ".", StringComparison.Ordinal) && p.Key.EndsWith("." + what, StringComparison.Ordinal)).Aggregate(0UL, (sum, p) => sum + p.Value);
        var given = Kib("balloon.current") ?? 0;
        var waits = v.Keys.Any(k => k.StartsWith("vcpu.", StringComparison.Ordinal) && k.EndsWith(".delay", StringComparison.Ordinal)) ? "delay" : v.Keys.Any(k => k.StartsWith("vcpu.", StringComparison.Ordinal) && k.EndsWith(".wait", StringComparison.Ordinal)) ? "wait" : null;
        return new GuestUse(id)
        {
            Vcpus = (int)v.GetValueOrDefault("vcpu.current"), CpuMs = (long)(v.GetValueOrDefault("cpu.time") / 1_000_000), WaitMs = waits is null ? null : Sum("vcpu", waits) / 1_000_000, MemoryMib = given, ResidentMib = Kib("balloon.rss"),
            UsedMib = Kib("balloon.usable") is { } usable ? given - usable : null, MajorFaults = v.TryGetValue("balloon.major_fault", out var faults) ? (long)faults : null,
            DiskReadBytes = Sum("block", "rd.bytes"), DiskWrittenBytes = Sum("block", "wr.bytes"), NetInBytes = Sum("net", "rx.bytes"), NetOutBytes = Sum("net", "tx.bytes"),
        };
    }
}
