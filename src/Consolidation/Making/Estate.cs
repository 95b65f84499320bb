using Xiangyun.Compute.Public;
using Xiangyun.Fleet.Public;
using Xiangyun.Optimizer.Public;

namespace Xiangyun.Consolidation.Making;

/// <summary>A cluster as the planner sees it, and whom its numbers mean.</summary>
/// <param name="Stays">Why servers stay where they are, by their number.</param>
/// <param name="Use">Processors that each server used (or wanted) last.</param>
/// <param name="Shortage">How long its hosts really were short.</param>
internal sealed record Estate(string Cluster, State State, Profiles Profiles, IReadOnlyList<HostView> Hosts, IReadOnlyList<PlacedServer> Servers, IReadOnlyDictionary<int, string> Stays, IReadOnlyList<double> Use, Evidence Evidence, Shortage Shortage)
{
    public IReadOnlyList<Policies.Standing> Standing(IReadOnlyList<int> hostOf) => [.. Hosts.Select((h, i) => new Policies.Standing(h.Id, State.Hosts[i].Offers, [.. Enumerable.Range(0, Servers.Count).Where(s => hostOf[s] == i).Select(s => State.Vms[s].Books)]))];
}

/// <summary>What a plan rests on: the window of samples, how many servers have any, and how long hosts really were short.</summary>
internal sealed record Evidence(string? From, string? To, int Samples, int Servers, int Known, Watched? Shortage = null);
