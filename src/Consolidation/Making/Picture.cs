using System.Text.Json.Nodes;

namespace Xiangyun.Consolidation.Making;

/// <summary>The estate before and after, as it was seen when the plan was made: hosts are columns, servers are blocks. Pure.</summary>
internal static class Picture
{
    public static JsonObject Of(Estate estate, IReadOnlyList<int> after)
    {
        var (before, then) = (On(estate, estate.State.HostOf), On(estate, after));
        return new JsonObject
        {
            ["servers"] = new JsonObject(estate.Servers.Select((s, i) => KeyValuePair.Create(s.Id, (JsonNode?)new JsonObject
            {
                ["name"] = s.Name, ["project_id"] = s.ProjectId, ["vcpus"] = s.Vcpus, ["memory_mib"] = s.RamMib, ["used_vcpus"] = Math.Round(estate.Use[i], 2), ["working_mib"] = Math.Round(estate.State.Vms[i].WorkingMb), ["stays"] = estate.Stays.GetValueOrDefault(i),
            }))),
            ["hosts"] = new JsonArray([.. estate.Hosts.Select((h, i) => (JsonNode)new JsonObject
            {
                ["id"] = h.Id, ["name"] = h.Name, ["simulated"] = h.Simulated, ["vcpus"] = h.Vcpus, ["memory_mib"] = h.MemoryMib, ["on"] = !Power.IsOff(h), ["before"] = before[i], ["after"] = then[i],
            })]),
        };
    }

    private static JsonArray[] On(Estate estate, IReadOnlyList<int> hostOf)
    {
        var on = estate.Hosts.Select(_ => new JsonArray()).ToArray();
        for (var s = 0; s < estate.Servers.Count; s++) on[hostOf[s]].Add(estate.Servers[s].Id);
        return on;
    }
}
