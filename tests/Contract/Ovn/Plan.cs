using Xiangyun.Network.Fabric;

namespace Xiangyun.Contract.Ovn;

/// <summary>Plans of a small network, with fresh ids for each test.</summary>
internal sealed class Plan
{
    public string Network { get; } = Kernel.Id.New();
    public string Subnet { get; } = Kernel.Id.New();
    public string Port { get; } = Kernel.Id.New();
    public string Group { get; } = Kernel.Id.New();
    public string Router { get; } = Kernel.Id.New();
    public string Inner { get; } = Kernel.Id.New();
    public string Outer { get; } = Kernel.Id.New();
    public string Outside { get; } = Kernel.Id.New();
    public string Floating { get; } = Kernel.Id.New();

    /// <summary>Hardware addresses are unique in the real world, so in each test too.</summary>
    public string Mac { get; } = $"fa:16:3e:{Random.Shared.Next(256):x2}:{Random.Shared.Next(256):x2}:{Random.Shared.Next(256):x2}";

    public static GroupPlan Drop => new(FixedGroups.Drop, []);

    public SwitchPlan Switch => new(Network, null, null, 1400,
        [new DhcpPlan(Subnet, "10.7.0.0/24", "10.7.0.1", "10.7.0.2", "02:16:3e:00:00:01", 1400, ["9.9.9.9"], [("10.99.0.0/16", "10.7.0.9")])]);

    public SwitchPlan OutsideSwitch => new(Outside, "physnet1", null, 1500, []);

    public PortPlan Guest => new(Port, Network, PortUse.Guest) { Mac = Mac, Ips = ["10.7.0.5"], Secured = true, Groups = [Group], DhcpSubnetId = Subnet };

    public GroupPlan Rules(params GroupRulePlan[] rules) => new(Group, rules);

    public static GroupRulePlan Tcp(int port, string? prefix = null, string? group = null) => new(Kernel.Id.New(), true, false, 6, port, port, prefix, group);

    public RouterPlan Way(bool floating) => new(Router, true)
    {
        Ports =
        [
            new RouterPortPlan(Inner, "fa:16:3e:00:01:01", ["10.7.0.1/24"], []),
            new RouterPortPlan(Outer, "fa:16:3e:00:01:02", ["203.0.113.10/24"], ["chassis-a"]),
        ],
        Routes = [("0.0.0.0/0", "203.0.113.1")],
        Snat = [new SnatPlan(Subnet, "10.7.0.0/24", "203.0.113.10")],
        Floating = floating ? [new FloatingPlan(Floating, "203.0.113.21", "fa:16:3e:00:01:03", "10.7.0.5", Port)] : [],
    };

    public PortPlan RouterPort(bool outer) => new(outer ? Outer : Inner, outer ? Outside : Network, outer ? PortUse.RouterGateway : PortUse.RouterInterface)
    {
        Mac = outer ? "fa:16:3e:00:01:02" : "fa:16:3e:00:01:01", Ips = [outer ? "203.0.113.10" : "10.7.0.1"],
    };
}
