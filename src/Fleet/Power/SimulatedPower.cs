using Grpc.Core;
using Xiangyun.Engines.Bmc;
using Xiangyun.Fleet.Hosts;
using Xiangyun.Fleet.Links;
using Xiangyun.Kernel;
using Xiangyun.Protocol;

namespace Xiangyun.Fleet.Power;

/// <summary>The controller of a simulated host: the agent process that plays it. It measures no watts.</summary>
internal sealed class SimulatedPower(Agents agents, HostRow host, TimeProvider clock) : IBmc
{
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(5);

    public async Task<BmcSeen> Look(CancellationToken ct) => new(await Ask("look", ct), null, "simulated");

    public Task Ensure(PowerWish wish, CancellationToken ct) => Ask(wish == PowerWish.On ? "on" : "off", ct);

    private async Task<bool> Ask(string verb, CancellationToken ct)
    {
        try
        {
            var answer = await agents.Client(host.Endpoint).HostPowerAsync(new HostPowerRequest { Verb = verb }, Agents.For(host, ct, Quick, clock));
            return answer.Why.Length == 0 ? answer.On : throw new EngineFault("simulated", verb, answer.Why, transient: false);
        }
        catch (RpcException e) when (!ct.IsCancellationRequested)
        {
            throw new EngineFault("simulated", verb, $"{host.Name}: {e.Status.Detail}", transient: true, cause: e);
        }
    }

    public void Dispose() { }
}
