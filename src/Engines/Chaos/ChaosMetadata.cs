using Xiangyun.Engines.Metadata;

namespace Xiangyun.Engines.Chaos;

/// <summary>A metadata engine that a <see cref="Strike"/> may hit.</summary>
public sealed class ChaosMetadata(IMetadataEngine inner, Strike strike) : IMetadataEngine
{
    private const string Engine = "metadata";

    public Task<IReadOnlyList<string>> List(CancellationToken ct) => strike.Around(Engine, "list", () => inner.List(ct));
    public Task Ensure(MetadataSpec spec, CancellationToken ct) => strike.Around(Engine, "serve", () => inner.Ensure(spec, ct));
    public Task EnsureGone(string networkId, CancellationToken ct) => strike.Around(Engine, "gone", () => inner.EnsureGone(networkId, ct));
    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
