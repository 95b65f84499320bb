namespace Xiangyun.Energy.Counting;

/// <summary>
/// Whose energy a host's is: its guests' by the processors that they use. Where none of them uses any, by the processors that they have; where there is no
/// guest, nobody's. Idle power is shared by the same key: whoever runs there keeps the host on.
/// </summary>
internal static class Sharing
{
    /// <param name="guests">Project, processors in use, processors given.</param>
    /// <returns>Parts that add up to <paramref name="amount"/>, or none.</returns>
    public static IEnumerable<(string Project, double Part)> Of(double amount, IReadOnlyList<(string Project, double Busy, int Vcpus)> guests)
    {
        var busy = guests.Sum(g => g.Busy);
        var all = busy > 0 ? busy : guests.Sum(g => (double)g.Vcpus);
        return all <= 0 ? [] : guests.GroupBy(g => g.Project).Select(g => (g.Key, amount * g.Sum(one => busy > 0 ? one.Busy : one.Vcpus) / all));
    }
}
