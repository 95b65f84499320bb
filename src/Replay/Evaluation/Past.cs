using Xiangyun.Replay.Traces;

namespace Xiangyun.Replay.Evaluation;

/// <summary>A trace up to now. A policy holds nothing else, so it cannot look ahead: asking for a later sample is an error.</summary>
internal readonly struct Past(Trace trace, int now)
{
    public int Now => now;

    public byte Sample(int vm, int step) => step <= now ? trace.Sample(vm, step) : throw new InvalidOperationException($"step {step} has not happened at {now}");
}
