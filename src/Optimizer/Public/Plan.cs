namespace Xiangyun.Optimizer.Public;

/// <summary>
/// What the planner proposes: moves in the order to run them, the hosts it empties and wakes, and what is expected of it. Risk is the
/// chance that a host in use wants more than it has in the next interval, averaged over those hosts.
/// </summary>
public sealed record Plan(
    IReadOnlyList<Move> Moves, IReadOnlyList<int> Emptied, IReadOnlyList<int> Woken,
    double RiskBefore, double RiskAfter, double WattsBefore, double WattsAfter);
