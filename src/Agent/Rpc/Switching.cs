using Xiangyun.Agent.Hosts;
using Xiangyun.Engines.Process;
using Xiangyun.Kernel;
using Xiangyun.Protocol;

namespace Xiangyun.Agent.Rpc;

/// <summary>
/// The verbs of a host's own power. Only what is simulated can be switched on and off from here: a real machine's power is its controller's business, and one
/// without a controller can be asked to shut down, where its operator has allowed that.
/// </summary>
internal static class Switching
{
    public static async Task<HostPowerAnswer> Answer(AgentHost host, string verb, CancellationToken ct)
    {
        if (host.At.Mains is { } mains)
        {
            if (verb is "on" or "off") mains.Switch(verb == "on");
            return new HostPowerAnswer { On = mains.On, Why = verb is "on" or "off" or "look" ? "" : $"a simulated host knows no '{verb}'" };
        }
        if (verb == "look") return new HostPowerAnswer { On = true };
        if (verb != "shutdown") return new HostPowerAnswer { On = true, Why = $"{host.Name} is a real host: its agent cannot switch it {verb}" };
        var command = host.At.Shutdown;
        if (command.Count == 0) return new HostPowerAnswer { On = true, Why = $"the agent of {host.Name} was started without --shutdown: nothing may shut this machine down from afar" };
        try
        {
            await Run.Output("host", "shutdown", command[0], [.. command.Skip(1)], ct);
            return new HostPowerAnswer { On = true };
        }
        catch (EngineFault e)
        {
            return new HostPowerAnswer { On = true, Why = e.Message };
        }
    }
}
