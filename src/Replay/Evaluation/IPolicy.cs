using Xiangyun.Optimizer.Public;

namespace Xiangyun.Replay.Evaluation;

/// <summary>What is compared: a first placement that knows flavours only, then moves every five minutes that know the past.</summary>
internal interface IPolicy
{
    string Name { get; }

    void Start(World world);

    IReadOnlyList<Move> Next(World world, Past past);
}
