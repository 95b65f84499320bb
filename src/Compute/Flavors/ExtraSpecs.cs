using System.Text.RegularExpressions;
using Xiangyun.Kernel;

namespace Xiangyun.Compute.Flavors;

/// <summary>
/// Since 2.86 values of the names that Nova knows are checked; names in a space of its own (<c>vendor:x</c>) are free.
/// Only what some part of this cloud could ever read is in the table.
/// </summary>
internal static partial class ExtraSpecs
{
    private static readonly string[] KnownSpaces = ["hw", "quota", "resources", "trait", "os", "pci_passthrough", "accel", "powervm", "vmware"];

    private static readonly Dictionary<string, Regex> Values = new()
    {
        ["hw:cpu_policy"] = Words("dedicated|shared|mixed"), ["hw:cpu_thread_policy"] = Words("prefer|isolate|require"), ["hw:cpu_sockets"] = Number(), ["hw:cpu_cores"] = Number(), ["hw:cpu_threads"] = Number(),
        ["hw:cpu_max_sockets"] = Number(), ["hw:cpu_max_cores"] = Number(), ["hw:cpu_max_threads"] = Number(), ["hw:numa_nodes"] = Number(), ["hw:mem_page_size"] = new(@"^(large|small|any|\d+([kKMGT]i?[bB]?)?)$"),
        ["hw:mem_encryption"] = Flag(), ["hw:boot_menu"] = Flag(), ["hw:pmu"] = Flag(), ["hw:vif_multiqueue_enabled"] = Flag(), ["hw:hide_hypervisor_id"] = Flag(), ["hw:locked_memory"] = Flag(),
        ["hw:watchdog_action"] = Words("none|pause|poweroff|reset|disabled"), ["hw:serial_port_count"] = Number(), ["hw:tpm_model"] = Words("tpm-tis|tpm-crb"), ["hw:tpm_version"] = Words("1.2|2.0"),
        ["hw:machine_type"] = new("^.+$"), ["hw:emulator_threads_policy"] = Words("isolate|share"), ["hw:cpu_realtime"] = Flag(), ["hw:cpu_realtime_mask"] = new("^.+$"), ["hw:cpu_dedicated_mask"] = new("^.+$"),
        ["hw:numa_mempolicy"] = Words("strict|preferred|interleave"), ["hw_rng:allowed"] = Flag(), ["hw_rng:rate_bytes"] = Number(), ["hw_rng:rate_period"] = Number(), ["hw_video:ram_max_mb"] = Number(), ["hide_hypervisor_id"] = Flag(),
        ["os:secure_boot"] = Words("disabled|required|optional"),
    };

    public static void Check(IReadOnlyDictionary<string, string> specs)
    {
        foreach (var (key, value) in specs)
        {
            var space = key.Split(':')[0];
            if (Values.TryGetValue(key, out var shape) ? !shape.IsMatch(value) : space is "resources" && !value.All(char.IsAsciiDigit) || space is "trait" && value is not ("required" or "forbidden") || space is "quota" && !value.All(char.IsAsciiDigit))
                throw CloudError.Invalid($"Validation failed; extra spec '{key}' cannot have the value '{(value.Length > 80 ? value[..80] : value)}'.");
            if (!Values.ContainsKey(key) && space == "hw" && !Numa().IsMatch(key)) throw CloudError.Invalid($"Validation failed; extra spec '{key}' does not appear to be a valid extra spec.");
            if (!key.Contains(':') && KnownSpaces.Contains(space)) throw CloudError.Invalid($"Validation failed; extra spec '{key}' does not appear to be a valid extra spec.");
        }
    }

    private static Regex Words(string words) => new($"^({words})$");

    [GeneratedRegex("^[0-9]{1,9}$")]
    private static partial Regex Number();

    [GeneratedRegex("^([tT]rue|[fF]alse|1|0|yes|no|on|off)$")]
    private static partial Regex Flag();

    [GeneratedRegex(@"^hw:(numa_(cpus|mem)\.\d+|pci_numa_affinity_policy|cpu_shared_set|maxphysaddr_(mode|bits)|viommu_model|sound_model|usb_model|input_bus)$")]
    private static partial Regex Numa();
}
