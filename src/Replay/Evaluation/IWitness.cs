namespace Xiangyun.Replay.Evaluation;

/// <summary>Sees what the evaluator counts, so that it can be counted again by others; and says which hosts stay on although they are empty.</summary>
internal interface IWitness
{
    bool KeptOn(int host);

    /// <summary>The host was on and counted from one second of the day to another.</summary>
    void Counted(int host, double from, double to);

    /// <param name="begin">The second of the day that the journey's times count from.</param>
    void Moved(Journey journey, double begin);
}
