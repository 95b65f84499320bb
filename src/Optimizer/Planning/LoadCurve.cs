using Xiangyun.Optimizer.Forecasting;

namespace Xiangyun.Optimizer.Planning;

/// <summary>The distribution of a host's load, made of the forecasts of its VMs.</summary>
internal abstract class LoadCurve
{
    private const int FewCores = 16;

    public double Mean { get; protected set; }

    /// <summary>The chance that the load passes the capacity.</summary>
    public abstract double Risk { get; }

    public abstract void Clear();

    public abstract void Add(Chance chance);

    public abstract double RiskWith(Chance chance);

    public abstract double RiskWithout(int vm, IReadOnlyList<int> on, Chance[] chances);

    /// <summary>A small host's load has the shape of its few VMs; a large one's is bell-shaped but for its skew.</summary>
    public static LoadCurve Of(Public.HostShape host, double common) => host.Cores <= FewCores ? new FoldedCurve(host.Mips) : new BellCurve(host.Mips, common);
}
