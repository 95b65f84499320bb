namespace Xiangyun.Agent.Hosts;

/// <summary>What a simulated host is told to have. An estate mixes small old servers with the large ones that they are moved to.</summary>
internal readonly record struct HostSize(int Vcpus, long MemoryMib)
{
    private static readonly HostSize Usual = new(64, 256 * 1024);

    /// <param name="text">"600:4x16,20:64x1024": 600 hosts of 4 processors and 16 GiB, then 20 large ones, and so on with the last; empty = all alike.</param>
    /// <exception cref="ArgumentException">Says what is wrong.</exception>
    public static IReadOnlyList<HostSize> List(string text, int hosts)
    {
        var sizes = new List<HostSize>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split(':', 'x') is not [var count, var vcpus, var gib] || !int.TryParse(count, out var n) || !int.TryParse(vcpus, out var v) || !int.TryParse(gib, out var m) || n < 1 || v < 1 || m < 1)
                throw new ArgumentException($"--sizes: '{part}' must be COUNT:VCPUSxGIB, such as 600:4x16.");
            sizes.AddRange(Enumerable.Repeat(new HostSize(v, m * 1024L), Math.Min(n, hosts - sizes.Count)));
        }
        sizes.AddRange(Enumerable.Repeat(sizes.Count > 0 ? sizes[^1] : Usual, hosts - sizes.Count));
        return sizes;
    }
}
