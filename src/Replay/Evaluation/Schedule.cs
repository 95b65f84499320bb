using Xiangyun.Optimizer.Public;

namespace Xiangyun.Replay.Evaluation;

internal readonly record struct Journey(Move Move, double Start, double End);

/// <summary>
/// When each move of a plan runs. A host has a few slots for migrations in or out, one that was off boots first; what would not end
/// within the interval is not begun, and the policy sees it where it was.
/// </summary>
internal static class Schedule
{
    public static List<Journey> Of(IReadOnlyList<Move> moves, World world, Terms terms, bool resident)
    {
        var slots = new Dictionary<int, double[]>();
        var journeys = new List<Journey>(moves.Count);
        foreach (var move in moves)
        {
            var seconds = Terms.MoveSeconds(resident ? world.Vms[move.Vm].WorkingMb : world.Vms[move.Vm].RamMb);
            if (terms.CloudSim)
            {
                journeys.Add(new(move, 0, seconds));
                continue;
            }
            var (from, to) = (Slots(move.From), Slots(move.To));
            var (a, b) = (Earliest(from), Earliest(to));
            var start = Math.Max(from[a], to[b]);
            if (start + seconds > Traces.Trace.Seconds - 1) continue;
            from[a] = to[b] = start + seconds;
            journeys.Add(new(move, start, start + seconds));
        }
        return journeys;

        double[] Slots(int host)
        {
            if (slots.TryGetValue(host, out var found)) return found;
            var made = new double[terms.ParallelMoves(world.Hosts[host].NicGbit)];
            if (world.On[host].Count == 0) Array.Fill(made, Terms.BootSeconds);
            return slots[host] = made;
        }
    }

    private static int Earliest(double[] slots)
    {
        var best = 0;
        for (var i = 1; i < slots.Length; i++) if (slots[i] < slots[best]) best = i;
        return best;
    }
}
