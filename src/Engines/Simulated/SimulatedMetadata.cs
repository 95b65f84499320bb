using System.Collections.Concurrent;
using Xiangyun.Engines.Metadata;

namespace Xiangyun.Engines.Simulated;

/// <summary>Remembers which networks metadata would be served for.</summary>
public sealed class SimulatedMetadata : IMetadataEngine
{
    private readonly ConcurrentDictionary<string, byte> _networks = new();

    public Task<IReadOnlyList<string>> List(CancellationToken ct) => Task.FromResult<IReadOnlyList<string>>([.. _networks.Keys]);

    public Task Ensure(MetadataSpec spec, CancellationToken ct)
    {
        _networks[spec.NetworkId] = 0;
        return Task.CompletedTask;
    }

    public Task EnsureGone(string networkId, CancellationToken ct)
    {
        _networks.TryRemove(networkId, out _);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
