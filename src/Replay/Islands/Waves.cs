namespace Xiangyun.Replay.Islands;

/// <summary>One wave: which old data centres it closes, and how many hosts the cloud is expected to need after it.</summary>
internal sealed record Wave(int Number, IReadOnlyList<IslandReport> Islands, int Vms, int Servers, int HostsExpected);

/// <summary>
/// Who goes when. First the smallest data centre, where least is at stake; then those whose closing frees the most power for each gigabyte that
/// has to be moved.
/// </summary>
internal static class Waves
{
    public static IReadOnlyList<Wave> Plan(OldEstate estate, IReadOnlyList<IslandReport> islands, int[] sizes)
    {
        var pilot = islands.OrderBy(i => i.MemoryGb).ThenBy(i => i.Island).First();
        var queue = new Queue<IslandReport>([pilot, .. islands.Where(i => i != pilot).OrderByDescending(i => i.Kw / i.MemoryGb).ThenBy(i => i.Island)]);
        var (waves, mips, gb) = (new List<Wave>(), 0.0, 0.0);
        foreach (var size in sizes)
        {
            var own = Enumerable.Range(0, size).Select(_ => queue.Dequeue()).ToList();
            (mips, gb) = (mips + own.Sum(i => i.LandingMips), gb + own.Sum(i => i.MemoryGb));
            waves.Add(new Wave(waves.Count + 1, own, own.Sum(i => i.Vms), own.Sum(i => i.Servers), Assessment.HostsFor(estate.Cloud, mips, gb) + estate.Spares));
        }
        return waves;
    }
}
