using Xiangyun.Agent.Hosts;
using Xiangyun.Protocol;

namespace Xiangyun.Agent.Rpc;

/// <summary>The verbs of a host's own power. Only what is simulated can be switched from here: a real machine's power is its controller's business.</summary>
internal static class Switching
{
    public static HostPowerAnswer Answer(AgentHost host, string verb)
    {
        if (host.At.Mains is not { } mains) return new HostPowerAnswer { On = true, Why = verb == "look" ? "" : $"{host.Name} is a real host: its agent cannot switch it {verb}." };
        if (verb is "on" or "off") mains.Switch(verb == "on");
        else if (verb != "look") return new HostPowerAnswer { On = mains.On, Why = $"there is no verb '{verb}'" };
        return new HostPowerAnswer { On = mains.On };
    }
}
