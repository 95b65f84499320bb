using Xiangyun.Kernel;
using Xiangyun.Protocol;

namespace Xiangyun.Contract.Agents;

/// <summary>Plans in few words.</summary>
internal static class Plans
{
    public static ServerPlan Server(string? id = null, long generation = 1, string? image = null) => new()
    {
        Id = id ?? Id.New(),
        Name = "web",
        Generation = generation,
        Power = Power.Running,
        Vcpus = 1,
        MemoryMib = 128,
        Root = new RootDisk { ImageId = image ?? Id.From("image"), ImageFormat = "qcow2", SizeGib = 1 },
        StopTimeoutS = 5,
    };

    public static VolumePlan Volume(string? id = null, long gib = 1) => new() { Id = id ?? Id.New(), Generation = 1, SizeGib = gib };

    public static HostPlan Of(string hostId, long generation, params object[] parts)
    {
        var plan = new HostPlan { HostId = hostId, Generation = generation };
        plan.Servers.Add(parts.OfType<ServerPlan>().Select(s => s.Clone()));
        plan.Volumes.Add(parts.OfType<VolumePlan>().Select(v => v.Clone()));
        plan.Networks.Add(parts.OfType<NetworkPlan>().Select(n => n.Clone()));
        return plan;
    }
}
