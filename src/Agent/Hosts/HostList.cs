using Grpc.Core;

namespace Xiangyun.Agent.Hosts;

/// <summary>The hosts this process speaks for; a call names one in the request header <c>xy-host</c>.</summary>
internal sealed class HostList(IReadOnlyList<AgentHost> hosts) : IAsyncDisposable
{
    public const string Header = "xy-host";

    private readonly Dictionary<string, AgentHost> _byName = hosts.ToDictionary(h => h.Name);

    public IReadOnlyList<AgentHost> All => hosts;

    /// <exception cref="RpcException">As <see cref="Named"/>, or Unavailable when it is a simulated host that is off or boots.</exception>
    public AgentHost Of(ServerCallContext call)
    {
        var host = Named(call);
        return host.At.Dead ? throw new RpcException(new Status(StatusCode.Unavailable, $"{host.Name} is {(host.At.Mains!.On ? "booting" : "switched off")} (simulated).")) : host;
    }

    /// <exception cref="RpcException">NotFound, or InvalidArgument when the header is missing and there are several.</exception>
    public AgentHost Named(ServerCallContext call)
    {
        var name = call.RequestHeaders.GetValue(Header);
        if (name is null) return hosts.Count == 1 ? hosts[0] : throw new RpcException(new Status(StatusCode.InvalidArgument, $"This agent speaks for {hosts.Count} hosts: the header {Header} must name one."));
        return _byName.GetValueOrDefault(name) ?? throw new RpcException(new Status(StatusCode.NotFound, $"This agent has no host '{name}'."));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in hosts) await host.DisposeAsync();
    }
}
