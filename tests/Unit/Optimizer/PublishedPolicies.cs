using Xiangyun.Replay;
using Xiangyun.Replay.Evaluation;
using Xiangyun.Replay.Published;
using Xiangyun.Replay.Traces;
using Xiangyun.Testing;

namespace Xiangyun.Unit.Optimizer;

/// <summary>An evaluator that does not give CloudSim's figures for CloudSim's policies is not to be believed for ours.</summary>
public sealed class PublishedPolicies
{
    [Theory]
    [InlineData("20110303", "thr-mmt", 192.62, 72.4)]
    [InlineData("20110303", "iqr-mmt", 189.98, 71.2)]
    [InlineData("20110303", "mad-mmt", 185.79, 69.4)]
    [InlineData("20110303", "lr-mmt", 163.48, 59.3)]
    [InlineData("20110306", "thr-mmt", 144.74, 54.5)]
    [InlineData("20110306", "lrr-mmt", 123.28, 44.9)]
    [InlineData("20110309", "iqr-mmt", 166.75, 63.1)]
    [InlineData("20110309", "lr-mmt", 142.09, 52.1)]
    [InlineData("20110322", "mad-mmt", 198.50, 74.8)]
    [InlineData("20110322", "lr-mmt", 177.48, 65.4)]
    public void use_as_much_energy_and_as_many_hosts_as_in_cloudsim(string day, string policy, double kwh, double hosts)
    {
        var trace = TraceFolder.Read(Path.Combine(Needs.Data("planetlab"), day)).Single();
        var outcome = new Replayer(trace, Estates.Of("g4g5"), new Terms(CloudSim: true), MinimumMigrationTime.Named(policy)!).Run();
        Assert.InRange(outcome.EnergyKwh, kwh * 0.95, kwh * 1.05);
        Assert.InRange(outcome.MeanHosts, hosts * 0.95, hosts * 1.05);
    }
}
