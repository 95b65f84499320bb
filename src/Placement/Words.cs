using System.Text;
using Xiangyun.Placement.Public;

namespace Xiangyun.Placement;

/// <summary>Refusals in plain words: what each host was missing.</summary>
internal static class Words
{
    private const int MostHosts = 20, MostReasons = 8;
    private const string Nowhere = "No valid host was found. There is no host in this cloud yet.";

    public static string Missing(string resourceClass, long wanted, long free) => resourceClass switch
    {
        "VCPU" => $"needs {wanted} vCPU, {Math.Max(0, free)} are free",
        "MEMORY_MB" => $"needs {wanted} MiB of memory, {Math.Max(0, free)} MiB are free",
        "DISK_GB" => $"needs {wanted} GiB of disk, {Math.Max(0, free)} GiB are free",
        _ => $"needs {wanted} {resourceClass}, {Math.Max(0, free)} are free",
    };

    public static string Most(string resourceClass, long wanted, long most) => resourceClass switch
    {
        "VCPU" => $"one server may have at most {most} vCPU here, {wanted} were asked for",
        "MEMORY_MB" => $"one server may have at most {most} MiB of memory here, {wanted} MiB were asked for",
        "DISK_GB" => $"one server may have at most {most} GiB of disk here, {wanted} GiB were asked for",
        _ => $"one consumer may have at most {most} {resourceClass} here, {wanted} were asked for",
    };

    /// <summary>What is missing, without how much there is.</summary>
    public static string Short(string resourceClass, long wanted) => $"less than {Amount(resourceClass, wanted)} is free";

    public static string TooSmall(string resourceClass, long wanted) => $"one server may not have {Amount(resourceClass, wanted)} there";

    private static string Amount(string resourceClass, long wanted) => resourceClass switch { "VCPU" => $"{wanted} vCPU", "MEMORY_MB" => $"{wanted} MiB of memory", "DISK_GB" => $"{wanted} GiB of disk", _ => $"{wanted} {resourceClass}" };

    /// <summary>Host by host: for those who run hosts.</summary>
    public static string Details(IReadOnlyList<HostVerdict> verdicts)
    {
        if (verdicts.Count == 0) return Nowhere;
        var text = new StringBuilder("No valid host was found. ");
        foreach (var verdict in verdicts.Take(MostHosts)) text.Append(verdict.HostName).Append(verdict.Simulated ? " (simulated)" : "").Append(": ").AppendJoin("; ", verdict.Reasons).Append(". ");
        foreach (var same in verdicts.Skip(MostHosts).GroupBy(v => v.Reasons.Count > 0 ? v.Reasons[0] : "")) text.Append($"{same.Count()} further hosts: {same.Key}. ");
        return text.ToString().TrimEnd();
    }

    /// <summary>For everybody: how many hosts, and why. A host with several reasons counts under each.</summary>
    public static string Refusal(IReadOnlyList<HostVerdict> verdicts) =>
        verdicts.Count == 0 ? Nowhere : $"No valid host was found. {string.Join(' ', Hindrances(verdicts).Take(MostReasons).Select(h => $"{h.Hosts} of {verdicts.Count} hosts: {h.Reason}."))}";

    public static IReadOnlyList<Hindrance> Hindrances(IReadOnlyList<HostVerdict> verdicts) =>
        [.. verdicts.Where(v => !v.Fits).SelectMany(v => v.Kinds.Distinct()).CountBy(k => k).OrderByDescending(k => k.Value).ThenBy(k => k.Key, StringComparer.Ordinal).Select(k => new Hindrance(k.Key, k.Value))];
}
