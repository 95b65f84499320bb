using Xiangyun.Optimizer.Public;

namespace Xiangyun.Replay.Traces;

/// <summary>A recorded day: 288 samples of five minutes for each VM, in per cent of what the VM may use.</summary>
internal sealed record Trace(string Name, VmShape[] Vms, byte[][] Samples)
{
    public const int Steps = 288, Seconds = 300;

    /// <summary>Straight lines between samples; the last one lasts.</summary>
    public double Share(int vm, double at)
    {
        var step = (int)(at / Seconds);
        var here = Sample(vm, step);
        return (here + (Sample(vm, step + 1) - here) * (at / Seconds - step)) / 100;
    }

    public byte Sample(int vm, int step) => Samples[vm][Math.Min(step, Steps - 1)];

    public static Trace Merge(IReadOnlyList<Trace> days) => new(
        string.Join('+', days.Select(d => d.Name)), [.. days.SelectMany(d => d.Vms)], [.. days.SelectMany(d => d.Samples)]);
}
