using Xiangyun.Optimizer.Public;
using Xiangyun.Replay.Traces;

namespace Xiangyun.Replay.Ledger;

/// <summary>A time during which a host was on. Seconds since the first day's midnight; a day is the recorded day once more.</summary>
internal readonly record struct Span(double From, double To)
{
    public const int DaySeconds = Trace.Steps * Trace.Seconds;

    public static int DayOf(double at) => (int)(at / DaySeconds);
}

/// <summary>A VM on a host: expected there from Start on (a tenth of its load is reserved), there from From, leaving from Left, gone at To.</summary>
internal readonly record struct Stay(int Vm, int Host, double Start, double From, double Left, double To);

/// <summary>All that is needed to count one host again.</summary>
/// <param name="Island">The old data centre it belongs to; null in the cloud.</param>
internal sealed record HostBook(string Name, string? Island, HostShape Shape, IReadOnlyList<Stay> Stays, IReadOnlyList<Span> On);

/// <summary>Where a VM's samples stand: the number of the file, and the row in it, from 1.</summary>
internal readonly record struct Source(int File, int Row);

/// <summary>A recorded file, as the caller named it, and what it held.</summary>
internal sealed record SourceFile(string Path, string Sha256, int Rows);

/// <summary>What a ledger is made of: nothing in it is a result. Every result is counted from this and the recorded samples.</summary>
internal sealed record Book(Trace Trace, IReadOnlyList<SourceFile> Files, IReadOnlyList<Source> Sources, IReadOnlyList<HostBook> Hosts, Prices Prices, int Days, int WaveDays, string Policy);
