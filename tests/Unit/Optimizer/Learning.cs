using Xiangyun.Optimizer.Forecasting;
using Xiangyun.Optimizer.Public;
using Xiangyun.Replay.Traces;

namespace Xiangyun.Unit.Optimizer;

/// <summary>What a VM's group tells of it, and what a record of shortage does to the next plan.</summary>
public sealed class Learning
{
    private static readonly HostShape Host = new("h", 2, 2000, 8192, 1, [50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 100]);

    private static Profiles Fold(int vms, IReadOnlyList<string?>? groups, Func<int, int, int> use, int steps = 60)
    {
        var profiles = new Profiles(vms, groups);
        for (var step = 0; step < steps; step++) profiles.Observe([.. Enumerable.Range(0, vms).Select(vm => (sbyte)use(vm, step))]);
        return profiles;
    }

    private static double ChanceOfJump(string?[] groups, int vm)
    {
        // Of twenty steady VMs the first nine jump, each once.
        var profiles = Fold(20, groups, (i, step) => i < 9 && step == 40 + i ? 90 : 3);
        var next = new Forecaster(profiles, new Tuning()).Next(vm, 1000);
        return next.Mips.Zip(next.Odds).Where(p => p.First > 500).Sum(p => (double)p.Second);
    }

    [Fact]
    public void a_vm_that_never_jumped_is_expected_to_once_others_of_its_group_did()
    {
        string?[] groups = [.. Enumerable.Range(0, 20).Select(vm => vm < 10 ? "jumpy" : "calm")];
        var (among, apart) = (ChanceOfJump(groups, 9), ChanceOfJump(groups, 19));
        Assert.True(among > 2 * apart, $"{among} against {apart}");
        Assert.Equal(ChanceOfJump(new string?[20], 9), ChanceOfJump(new string?[20], 19), 6);
    }

    [Fact]
    public void members_too_few_to_learn_from_are_forecast_as_if_they_had_no_group()
    {
        string?[] pairs = [.. Enumerable.Range(0, 20).Select(vm => $"g{vm / 2}")];
        Assert.Equal(ChanceOfJump(new string?[20], 9), ChanceOfJump(pairs, 9), 9);
    }

    [Theory]
    [InlineData(90, 1)]
    [InlineData(10, -1)]
    public void hosts_that_were_short_make_the_next_plan_more_careful_and_those_that_never_were_bolder(int use, int careful)
    {
        var tuning = new Tuning();
        var pace = new Pace(tuning);
        var profiles = new Profiles(10);
        var state = new State([Host], [.. Enumerable.Range(0, 10).Select(i => new VmShape($"vm{i}", 1000, 512))], new int[10]);
        var paced = tuning;
        for (var step = 0; step < 40; step++)
        {
            profiles.Observe([.. Enumerable.Repeat((sbyte)use, 10)]);
            paced = pace.After(state, profiles);
        }
        Assert.Equal(careful, tuning.MeanSoon.CompareTo(paced.MeanSoon));
        Assert.InRange(paced.MeanSoon, tuning.MeanSoon / 10, tuning.MeanSoon * 10);
        var fixedRisk = tuning with { ShortTime = null };
        Assert.Same(fixedRisk, new Pace(fixedRisk).After(state, profiles));
    }

    [Theory]
    [InlineData("planet1_zib_de_nyu_d", "nyu_d")]
    [InlineData("node2_planetlab_albany_edu_tsinghua_xyz", "tsinghua_xyz")]
    [InlineData("planet1_l3s_uni-hannover_de_root", "root")]
    [InlineData("vm1", null)]
    public void the_slice_in_the_name_of_a_recorded_vm_is_its_group(string name, string? group) => Assert.Equal(group, TraceFolder.GroupOf(name));
}
