using Xiangyun.Micro;

namespace Xiangyun.Unit;

/// <summary>What the hot paths allocate is the same on every machine, so it can be held to a ceiling; their times cannot.</summary>
public sealed class Allocations
{
    public static TheoryData<string> Paths => [.. HotPaths.All.Select(p => p.Name)];

    [Theory, MemberData(nameof(Paths))]
    public void a_hot_path_stays_below_its_ceiling(string name)
    {
        const int runs = 200;
        var path = HotPaths.All.Single(p => p.Name == name);
        for (var warm = 0; warm < 50; warm++) path.Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var run = 0; run < runs; run++) path.Run();
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / runs;
        Assert.True(each <= path.Ceiling, $"{name} allocates {each} bytes, and {path.Ceiling} are allowed");
    }
}
