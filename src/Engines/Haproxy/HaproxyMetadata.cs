using System.Security.Cryptography;
using System.Text;
using Xiangyun.Engines.Metadata;
using Xiangyun.Kernel;

namespace Xiangyun.Engines.Haproxy;

/// <summary>
/// Per network one network namespace with the metadata port plugged into br-int, and in it one haproxy that passes
/// requests on to the agent's socket. The configuration file is written first and deleted last: it is what we list by.
/// </summary>
/// <param name="directory">For configurations and pid files.</param>
/// <param name="socket">The agent's unix socket that answers.</param>
/// <param name="ovs">OVSDB, <c>unix:/path</c>.</param>
public sealed class HaproxyMetadata(string directory, string socket, string ovs, string bridge = "br-int") : IMetadataEngine
{
    /// <summary>Names the network in what the agent gets; the guest's address is in X-Forwarded-For.</summary>
    public const string NetworkHeader = "X-Xiangyun-Network";

    private const string Engine = "metadata";

    public Task<IReadOnlyList<string>> List(CancellationToken ct) => Task.FromResult<IReadOnlyList<string>>(
        Directory.Exists(directory) ? [.. Directory.EnumerateFiles(directory, "*.cfg").Select(f => Path.GetFileNameWithoutExtension(f))] : []);

    public async Task Ensure(MetadataSpec spec, CancellationToken ct)
    {
        var place = PlaceOf(spec.NetworkId);
        Directory.CreateDirectory(directory);
        var config = HaproxyConfig.Text(spec.NetworkId, socket);
        var changed = !File.Exists(place.Config) || await File.ReadAllTextAsync(place.Config, ct) != config;
        if (changed) await File.WriteAllTextAsync(place.Config, config, ct);
        await new MetadataNamespace(place, ovs, bridge).Ensure(spec, ct);
        if (changed) HaproxyProcess.Stop(place);
        await HaproxyProcess.Ensure(place, ct);
    }

    public async Task EnsureGone(string networkId, CancellationToken ct)
    {
        var place = PlaceOf(networkId);
        HaproxyProcess.Stop(place);
        await new MetadataNamespace(place, ovs, bridge).EnsureGone(ct);
        File.Delete(place.Pid);
        File.Delete(place.Config);
    }

    /// <summary>The proxies outlive the agent on purpose: guests keep their metadata address while it restarts.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Place PlaceOf(string networkId)
    {
        if (Id.Canonical(networkId) != networkId) throw new EngineFault(Engine, "name", $"'{networkId}' is not an id", transient: false);
        var brief = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(networkId)))[..10];
        return new Place("xy-" + networkId, "xm" + brief, "xn" + brief, Path.Combine(directory, networkId + ".cfg"), Path.Combine(directory, networkId + ".pid"));
    }
}

/// <param name="Namespace">Name of the network namespace.</param>
/// <param name="Outer">The end of the veth pair that is plugged into the bridge.</param>
/// <param name="Inner">The end in the namespace.</param>
internal sealed record Place(string Namespace, string Outer, string Inner, string Config, string Pid);
