namespace Xiangyun.Operations.Alarms;

/// <summary>What becomes of one trouble between two looks. Pure: the same rows and the same look give the same answer, however often.</summary>
internal static class AlarmRules
{
    internal enum Step
    {
        /// <summary>Nothing changes.</summary>
        None,
        /// <summary>New, and it has not held long enough.</summary>
        Notice,
        /// <summary>New or noticed, and it holds: now it is an alarm.</summary>
        Raise,
        /// <summary>It is there again before it was over.</summary>
        Back,
        /// <summary>Gone, but not for long enough.</summary>
        Miss,
        /// <summary>Over.</summary>
        Clear,
        /// <summary>It went before it ever was an alarm.</summary>
        Forget,
    }

    /// <param name="row">The open row of this key, if there is one.</param>
    /// <param name="since">Since when it holds now; null = it does not hold.</param>
    public static Step Of(AlarmRow? row, long? since, long hold, long now)
    {
        if (row is null) return since is not { } from ? Step.None : now - from >= hold ? Step.Raise : Step.Notice;
        if (since is not null)
            return row.RaisedAt is null ? now - Math.Min(since.Value, row.NoticedAt) >= hold ? Step.Raise : Step.None : row.MissingSince is not null ? Step.Back : Step.None;
        if (row.RaisedAt is null) return Step.Forget;
        return now - (row.MissingSince ?? now) >= hold ? Step.Clear : row.MissingSince is null ? Step.Miss : Step.None;
    }
}
