namespace Xiangyun.Load;

/// <summary>What a busy day asks of a control plane, most frequent first.</summary>
internal static class Scenarios
{
    public static IEnumerable<(string Name, Func<Task<bool>> Ask)> All(Session cloud)
    {
        var (compute, placement) = (cloud.Endpoint("compute"), cloud.Endpoint("placement"));
        yield return ("token validate", cloud.Validate);
        yield return ("token issue", cloud.Issue);
        yield return ("servers/detail, 100 a page", () => cloud.Ask(HttpMethod.Get, $"{compute}/servers/detail?limit=100"));
        yield return ("allocation candidates", () => cloud.Ask(HttpMethod.Get, $"{placement}/allocation_candidates?resources=VCPU:1,MEMORY_MB:64,DISK_GB:1", null, ("OpenStack-API-Version", "placement 1.10")));
    }
}
