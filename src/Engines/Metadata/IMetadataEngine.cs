namespace Xiangyun.Engines.Metadata;

/// <param name="Cidrs">Addresses of the metadata port with their prefix, <c>10.0.0.2/24</c>.</param>
public sealed record MetadataSpec(string NetworkId, string PortId, string Mac, IReadOnlyList<string> Cidrs);

/// <summary>
/// Makes 169.254.169.254 reachable inside a tenant network and hands its requests, marked with the network's id and the
/// caller's address, to the agent. Verbs may be called again.
/// </summary>
public interface IMetadataEngine : IAsyncDisposable
{
    Task<IReadOnlyList<string>> List(CancellationToken ct);
    Task Ensure(MetadataSpec spec, CancellationToken ct);
    Task EnsureGone(string networkId, CancellationToken ct);
}
