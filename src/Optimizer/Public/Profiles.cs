using Xiangyun.Optimizer.Forecasting;

namespace Xiangyun.Optimizer.Public;

/// <summary>
/// What is remembered of each VM: its last day of five-minute samples, one byte each (288 bytes), and for each group and the whole fleet how VMs of a
/// kind went on from where they were. It is folded from samples in the order of time and knows nothing else.
/// </summary>
public sealed class Profiles
{
    public const int Remembered = 288;
    private const int Few = 3, Most = 2000; // a table takes 19 KB
    private const float GroupFade = 0.99f; // a group has less to count than the fleet
    private readonly byte[] _samples;
    private readonly float[] _swing;
    private readonly int[] _seen;
    private readonly FleetTable?[] _tableOf;
    private readonly List<FleetTable> _tables = [];
    private double _common;

    /// <summary>`groups`: for each VM the name of its group, or null. A group of one or two tells nothing that its members do not.</summary>
    public Profiles(int vms, IReadOnlyList<string?>? groups = null)
    {
        (Vms, _samples, _swing, _seen, _tableOf) = (vms, new byte[vms * Remembered], new float[vms], new int[vms], new FleetTable?[vms]);
        var known = Enumerable.Range(0, groups is null ? 0 : vms).Where(vm => groups![vm] is not null).GroupBy(vm => groups![vm]!).Where(g => g.Count() >= Few);
        foreach (var members in known.OrderByDescending(g => g.Count()).Take(Most))
        {
            _tables.Add(new FleetTable(GroupFade, expects: false));
            foreach (var vm in members) _tableOf[vm] = _tables[^1];
        }
    }

    internal FleetTable Fleet { get; } = new();

    /// <summary>How the members of its group went on.</summary>
    internal FleetTable? Group(int vm) => _tableOf[vm];

    public int Vms { get; }

    public int Step { get; private set; }

    /// <summary>How much VMs swing together in a step, as a share of the fleet's load: beyond what independent VMs would.</summary>
    public double Common => Math.Sqrt(Math.Max(0, _common));

    /// <summary>One sample, in per cent, for each VM; a negative one means that the VM was not there.</summary>
    public void Observe(ReadOnlySpan<sbyte> use)
    {
        double sum = 0, change = 0, apart = 0;
        for (var vm = 0; vm < Vms; vm++)
        {
            if (use[vm] < 0) continue;
            sum += use[vm];
            if (_seen[vm] > 0)
            {
                var step = use[vm] - Ago(vm, 0);
                change += step;
                apart += step * step; // what independent VMs would make of it
            }
            var now = (byte)use[vm];
            if (_seen[vm] > 0)
            {
                var before = Ago(vm, 0);
                Fleet.Learn(before, _swing[vm], now);
                _tableOf[vm]?.Learn(before, _swing[vm], now);
                _swing[vm] += (Math.Abs(now - before) - _swing[vm]) * Math.Max(1f / 24, 1f / (_seen[vm] + 1));
            }
            _samples[vm * Remembered + _seen[vm] % Remembered] = now;
            _seen[vm]++;
        }
        if (Step > 0 && sum > 0) _common += ((change * change - apart) / (sum * sum) - _common) * Math.Max(1.0 / 48, 1.0 / Step);
        Fleet.Age();
        foreach (var table in _tables) table.Age();
        Step++;
    }

    public int Known(int vm) => Math.Min(_seen[vm], Remembered);

    /// <summary>The sample that many steps ago; 0 is the newest.</summary>
    public byte Ago(int vm, int steps) => _samples[vm * Remembered + (_seen[vm] - 1 - steps) % Remembered];

    /// <summary>Mean absolute step, over about the last two hours.</summary>
    public float Swing(int vm) => _swing[vm];
}
