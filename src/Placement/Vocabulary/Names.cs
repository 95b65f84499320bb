using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Placement.Providers;
using Xiangyun.Store;

namespace Xiangyun.Placement.Vocabulary;

/// <summary>The names of resource classes and traits: the standard ones that mean something here, and an operator's own (CUSTOM_...).</summary>
internal static partial class Names
{
    public static readonly string[] Classes =
    [
        "VCPU", "MEMORY_MB", "DISK_GB", "PCI_DEVICE", "SRIOV_NET_VF", "NUMA_SOCKET", "NUMA_CORE", "NUMA_THREAD", "NUMA_MEMORY_MB", "IPV4_ADDRESS", "VGPU",
        "VGPU_DISPLAY_HEAD", "NET_BW_EGR_KILOBIT_PER_SEC", "NET_BW_IGR_KILOBIT_PER_SEC", "PCPU", "MEM_ENCRYPTION_CONTEXT", "FPGA", "PGPU", "NET_PACKET_RATE_KILOPACKET_PER_SEC",
    ];

    public static readonly string[] StandardTraits = ["COMPUTE_NODE", "HW_ARCH_AARCH64", "HW_ARCH_LOONGARCH64", "HW_ARCH_X86_64", "HW_NUMA_ROOT", Candidates.Node.Shares, "STORAGE_DISK_HDD", "STORAGE_DISK_SSD"];

    [GeneratedRegex("^CUSTOM_[A-Z0-9_]{1,248}$")]
    private static partial Regex Own();

    public static void MustBeOwn(string name)
    {
        if (!Own().IsMatch(name)) throw CloudError.Invalid($"Invalid name '{(name.Length > 80 ? name[..80] : name)}': it must match CUSTOM_[A-Z0-9_]+ and have at most 255 characters.");
    }

    public static async Task<IReadOnlyList<string>> AllClasses(Query q) => [.. Classes, .. await q.Db<PlacementDb>().ResourceClasses.OrderBy(c => c.Name).Select(c => c.Name).ToListAsync()];

    public static async Task<IReadOnlySet<string>> AllTraits(Query q)
    {
        var used = (await q.Db<PlacementDb>().Providers.Select(p => p.Traits).Distinct().ToListAsync()).SelectMany(ProviderStore.List);
        return StandardTraits.Concat(used).Concat(await q.Db<PlacementDb>().Traits.Select(t => t.Name).ToListAsync()).ToHashSet();
    }

    public static async Task MustBeTraits(Query q, IEnumerable<string> names)
    {
        var known = await AllTraits(q);
        if (names.Where(n => !known.Contains(n)).Order().ToList() is { Count: > 0 } unknown) throw CloudError.Invalid($"No such trait(s): {string.Join(", ", unknown.Take(10))}.");
    }

    public static async Task MustBeClasses(Query q, IEnumerable<string> names)
    {
        var known = await AllClasses(q);
        if (names.FirstOrDefault(n => !known.Contains(n)) is { } unknown) throw CloudError.Invalid($"No such resource class: {(unknown.Length > 80 ? unknown[..80] : unknown)}.");
    }
}
