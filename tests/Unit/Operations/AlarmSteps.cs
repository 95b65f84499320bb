using Xiangyun.Operations.Alarms;
using Step = Xiangyun.Operations.Alarms.AlarmRules.Step;

namespace Xiangyun.Unit.Operations;

/// <summary>When something becomes an alarm, and when it is over.</summary>
public sealed class AlarmSteps
{
    private const long Now = 1_000_000, Hold = 20_000;

    private static AlarmRow Row(long noticed, long? raised = null, long? missing = null) => new()
    {
        Id = "a", Key = "k", Kind = "k", ObjectKind = "o", ObjectId = "o", MessageValues = "{}", NoticedAt = noticed, RaisedAt = raised, MissingSince = missing, LastSeenAt = noticed,
    };

    [Fact]
    public void what_holds_long_enough_is_raised_and_what_does_not_is_only_noticed()
    {
        Assert.Equal(Step.Notice, AlarmRules.Of(null, Now, Hold, Now));
        Assert.Equal(Step.Raise, AlarmRules.Of(null, Now - Hold, Hold, Now));
        Assert.Equal(Step.Raise, AlarmRules.Of(null, Now, 0, Now));
        Assert.Equal(Step.None, AlarmRules.Of(Row(Now - Hold + 1), Now - Hold + 1, Hold, Now));
        Assert.Equal(Step.Raise, AlarmRules.Of(Row(Now - Hold), Now - Hold, Hold, Now));
        Assert.Equal(Step.None, AlarmRules.Of(Row(Now - 2 * Hold, Now - Hold), Now, Hold, Now));
    }

    [Fact]
    public void what_went_before_it_was_raised_leaves_nothing() => Assert.Equal(Step.Forget, AlarmRules.Of(Row(Now - 1000), null, Hold, Now));

    [Fact]
    public void what_flaps_stays_one_alarm_and_what_stays_away_is_over()
    {
        var raised = Row(Now - 100_000, Now - 80_000);
        Assert.Equal(Step.Miss, AlarmRules.Of(raised, null, Hold, Now));
        Assert.Equal(Step.Clear, AlarmRules.Of(raised, null, 0, Now));
        Assert.Equal(Step.None, AlarmRules.Of(Row(Now - 100_000, Now - 80_000, Now - Hold + 1), null, Hold, Now));
        Assert.Equal(Step.Back, AlarmRules.Of(Row(Now - 100_000, Now - 80_000, Now - Hold + 1), Now, Hold, Now));
        Assert.Equal(Step.Clear, AlarmRules.Of(Row(Now - 100_000, Now - 80_000, Now - Hold), null, Hold, Now));
    }

    [Fact]
    public void nothing_and_no_row_is_nothing() => Assert.Equal(Step.None, AlarmRules.Of(null, null, Hold, Now));
}
