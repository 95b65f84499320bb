using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Xiangyun.Fleet.Hosts;
using Xiangyun.Fleet.Links;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Protocol;
using Xiangyun.Reconcile;
using Xiangyun.Store;

namespace Xiangyun.Fleet.Plans;

/// <summary>
/// Assembles the whole wanted state of one host from the parts of all modules and sends it when it differs from what the
/// host accepted last. Many wake-ups become one plan. After a lost database the agent's higher generation wins.
/// </summary>
internal sealed class HostReconciler(Database database, Agents agents, IEnumerable<IHostPlanPart> parts, HostStore store, TimeProvider clock, ILogger<HostReconciler> log) : IReconciler
{
    public string Kind => FleetWork.Host;

    public async Task<IReadOnlyList<string>> Keys(Query q) => await q.Db<FleetDb>().Hosts.Select(h => h.Id).ToListAsync();

    public async Task<Next> Reconcile(string id, CancellationToken ct)
    {
        var (host, plan) = await database.Read(async q =>
        {
            var row = await q.Db<FleetDb>().Hosts.SingleOrDefaultAsync(h => h.Id == id, ct);
            return (row, row is null ? null : await Assemble(q, row));
        }, ct);
        if (host is null || plan is null || host.AgentId.Length == 0) return Next.Done; // gone, or never answered: its first Describe wakes this again
        if (!store.View(host).Alive) return Next.In(HostStore.Silence); // its first answer wakes this at once
        try
        {
            await Send(host, plan, ct);
            return Next.Done;
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded && !ct.IsCancellationRequested)
        {
            log.PlanWaits(host.Name, e.Status.Detail);
            return Next.In(TimeSpan.FromSeconds(5));
        }
        catch (RpcException e) when (!ct.IsCancellationRequested)
        {
            throw new EngineFault("agent", "apply", $"{host.Name}: {e.Status.Detail}", transient: true, cause: e);
        }
    }

    private async Task Send(HostRow host, HostPlan plan, CancellationToken ct)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(plan.ToByteArray()));
        var client = agents.Client(host.Endpoint);
        var options = Agents.For(host, ct, TimeSpan.FromSeconds(10), clock);
        if (hash == host.PlanHash && (await client.DescribeAsync(new DescribeRequest(), options)).LedgerGeneration == host.PlanGeneration) return;
        plan.Generation = host.PlanGeneration + 1;
        var answer = await client.ApplyAsync(plan, options);
        if (!answer.Accepted)
        {
            plan.Generation = answer.LedgerGeneration + 1;
            answer = await client.ApplyAsync(plan, options);
            if (!answer.Accepted) throw new EngineFault("agent", "apply", answer.Why, transient: true);
        }
        await database.Write(Actor.System, tx => tx.Db<FleetDb>().Hosts.Where(h => h.Id == host.Id)
            .ExecuteUpdateAsync(s => s.SetProperty(h => h.PlanGeneration, plan.Generation).SetProperty(h => h.PlanHash, hash), ct), ct);
    }

    private async Task<HostPlan> Assemble(Query q, HostRow row)
    {
        var plan = new HostPlan { HostId = row.AgentId };
        foreach (var part in parts) await part.Contribute(q, row.Id, plan);
        Sort(plan.Servers, s => s.Id);
        Sort(plan.Volumes, v => v.Id);
        Sort(plan.Networks, n => n.Id);
        return plan;
    }

    private static void Sort<T>(Google.Protobuf.Collections.RepeatedField<T> field, Func<T, string> key)
    {
        var sorted = field.OrderBy(key, StringComparer.Ordinal).ToList();
        field.Clear();
        field.AddRange(sorted);
    }
}
