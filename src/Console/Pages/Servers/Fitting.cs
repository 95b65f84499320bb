using Xiangyun.Client;
using Xiangyun.Client.Records;

namespace Xiangyun.Console.Pages.Servers;

/// <summary>Which sizes a host could take now, rehearsed without taking anything: forms do not offer the others.</summary>
internal static class Fitting
{
    private const int AtOnce = 4;

    public static Task<Explanation> Ask(Api api, Flavor f) =>
        api.Post<Explanation>("xiangyun", "/placement/explain", new { resources = new Dictionary<string, int> { ["VCPU"] = f.Vcpus, ["MEMORY_MB"] = f.Ram, ["DISK_GB"] = f.Disk } });

    /// <returns>The ids of those that no host could take.</returns>
    public static async Task<IReadOnlySet<string>> None(Api api, IReadOnlyList<Flavor> flavors)
    {
        var none = new HashSet<string>();
        foreach (var some in flavors.Chunk(AtOnce))
            foreach (var (flavor, said) in some.Zip(await Task.WhenAll(some.Select(f => Ask(api, f)))))
                if (!said.Placeable) none.Add(flavor.Id);
        return none;
    }
}
