using Xiangyun.Wire;

namespace Xiangyun.Compute.Quotas;

/// <summary>Which limits each microversion shows and takes: Network's went with 2.36, files with 2.57.</summary>
internal static class QuotaShape
{
    private static readonly string[] OfNetwork = ["fixed_ips", "floating_ips", "security_groups", "security_group_rules"];
    private static readonly string[] OfFiles = ["injected_files", "injected_file_content_bytes", "injected_file_path_bytes"];
    private static readonly string[] OfGroups = ["server_groups", "server_group_members"];

    public static IReadOnlyList<string> OfProject(Call call) => [.. ComputeQuota.Built.Keys.Where(n => !(call.AtLeast(36) && OfNetwork.Contains(n)) && !(call.AtLeast(57) && OfFiles.Contains(n)))];

    /// <summary>Quota classes followed in 2.50, which also gave them the server groups.</summary>
    public static IReadOnlyList<string> OfClass(Call call) =>
        [.. ComputeQuota.Built.Keys.Where(n => !(call.AtLeast(50) ? OfNetwork.Contains(n) : OfGroups.Contains(n)) && !(call.AtLeast(57) && OfFiles.Contains(n)))];
}
