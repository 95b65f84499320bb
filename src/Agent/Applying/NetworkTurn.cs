using Xiangyun.Agent.Hosts;
using Xiangyun.Engines.Metadata;
using Xiangyun.Protocol;

namespace Xiangyun.Agent.Applying;

/// <summary>Serves metadata in a network that has a port on this host, and stops doing so when it has none left.</summary>
internal sealed class NetworkTurn(Workplace at)
{
    public async Task<TimeSpan?> Take(string networkId, NetworkPlan? want, CancellationToken ct)
    {
        if (want is null) await at.Metadata.EnsureGone(networkId, ct);
        else await at.Metadata.Ensure(new MetadataSpec(want.Id, want.MetadataPortId, want.MetadataMac, [.. want.MetadataCidrs]), ct);
        return null;
    }
}
