using Xiangyun.Optimizer.Public;
using Xiangyun.Replay;
using Xiangyun.Replay.Evaluation;
using Xiangyun.Replay.Published;
using Xiangyun.Replay.Traces;

namespace Xiangyun.Unit.Optimizer;

/// <summary>A policy that could see what comes would win every comparison, so this is proven rather than promised.</summary>
public sealed class NoLookAhead
{
    private const int Now = 60, Vms = 60;

    private sealed class Recorder(IPolicy inner) : IPolicy
    {
        public List<Move> Seen { get; } = [];
        public string Name => inner.Name;
        public void Start(World world) => inner.Start(world);

        public IReadOnlyList<Move> Next(World world, Past past)
        {
            var moves = inner.Next(world, past);
            if (past.Now <= Now) Seen.AddRange(moves);
            return moves;
        }
    }

    private static Trace Day(int seed, int seedAfterwards)
    {
        var (before, after) = (new Random(seed), new Random(seedAfterwards));
        var rows = Enumerable.Range(0, Vms).Select(vm => Enumerable.Range(0, Trace.Steps)
            .Select(k => k <= Now ? (byte)before.Next(1, vm % 3 == 0 ? 60 : 15) : (byte)after.Next(1, 100)).ToArray()).ToArray();
        return new Trace("made up", [.. Enumerable.Range(0, Vms).Select(i => new VmShape($"vm{i}", 500 + 500 * (i % 4), 613))], rows);
    }

    [Theory]
    [InlineData("consolidate")]
    [InlineData("energy")]
    [InlineData("lr-mmt")]
    [InlineData("mad-mmt")]
    public void another_future_gives_the_same_plans_until_now(string name)
    {
        var plans = new[] { 2, 3 }.Select(future =>
        {
            var recorder = new Recorder(MinimumMigrationTime.Named(name) ?? new OwnPolicy(name, Tuning.Named(name)!));
            new Replayer(Day(1, future), Estates.Of("g4g5"), new Terms(CloudSim: false), recorder).Run();
            return recorder.Seen;
        }).ToArray();
        Assert.NotEmpty(plans[0]);
        Assert.Equal(plans[0], plans[1]);
    }

    [Fact]
    public void asking_for_a_sample_that_has_not_happened_is_an_error() =>
        Assert.Throws<InvalidOperationException>(() => new Past(Day(1, 2), 10).Sample(0, 11));
}
