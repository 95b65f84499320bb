using Xiangyun.Replay.Evaluation;

namespace Xiangyun.Replay.Published;

/// <summary>A copy of the estate that CloudSim's policies try moves on, with each host's demand and the demand as it was before the round.</summary>
internal sealed class Book
{
    public const int Remembered = 30;
    private readonly World _world;
    private readonly double[] _demand, _requested, _allocated, _stale;
    private readonly double[][] _history;

    public Book(World world, Past past)
    {
        _world = world;
        HostOf = [.. world.HostOf];
        On = [.. world.On.Select(o => new List<int>(o))];
        _demand = new double[world.Vms.Length];
        Age = Math.Min(past.Now + 1, Remembered);
        _history = new double[world.Vms.Length][];
        for (var vm = 0; vm < _demand.Length; vm++)
        {
            if (HostOf[vm] < 0) continue;
            var mips = world.Vms[vm].Mips;
            _history[vm] = new double[Age];
            for (var i = 0; i < Age; i++) _history[vm][i] = past.Sample(vm, past.Now - i) / 100.0 * mips;
            _demand[vm] = _history[vm][0];
        }
        (_requested, _allocated) = (new double[world.Hosts.Length], new double[world.Hosts.Length]);
        for (var host = 0; host < _requested.Length; host++) Refresh(host);
        _stale = [.. _allocated];
    }

    public int Age { get; }
    public int[] HostOf { get; }
    public List<int>[] On { get; }

    public double Demand(int vm) => _demand[vm];
    public double Requested(int host) => _requested[host];
    public double Allocated(int host) => _allocated[host];
    public double StaleUse(int host) => _stale[host] / _world.Hosts[host].Mips;

    /// <summary>The host's use in each of the last samples, newest first, of those VMs that are on it now; without its tail of zeros.</summary>
    public double[] History(int host, int extra)
    {
        var sum = new double[Age];
        foreach (var vm in On[host]) Add(vm);
        if (extra >= 0) Add(extra);
        var length = Age;
        while (length > 0 && sum[length - 1] == 0) length--;
        for (var i = 0; i < length; i++) sum[i] /= _world.Hosts[host].Mips;
        return sum[..length];

        void Add(int vm)
        {
            for (var i = 0; i < sum.Length; i++) sum[i] += _history[vm][i];
        }
    }

    public void Put(int vm, int host)
    {
        HostOf[vm] = host;
        On[host].Add(vm);
        Refresh(host);
    }

    public void Take(int vm)
    {
        var host = HostOf[vm];
        On[host].Remove(vm);
        HostOf[vm] = -1;
        Refresh(host);
    }

    private void Refresh(int host)
    {
        var shape = _world.Hosts[host];
        double requested = 0, cut = 0;
        foreach (var vm in On[host])
        {
            requested += _demand[vm];
            cut += Math.Min(_demand[vm], shape.CoreMips);
        }
        (_requested[host], _allocated[host]) = (requested, Math.Min(cut, shape.Mips));
    }
}
