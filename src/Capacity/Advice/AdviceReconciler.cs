using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Capacity.Settings;
using Xiangyun.Capacity.Sizing;
using Xiangyun.Capacity.Windows;
using Xiangyun.Compute.Public;
using Xiangyun.Kernel;
using Xiangyun.Reconcile;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;
using Xiangyun.Telemetry.Public;
using Xiangyun.Wire;

namespace Xiangyun.Capacity.Advice;

/// <summary>
/// Carries accepted advice on by one step: waits for the window, resizes, confirms, watches, and takes it back when it hurts. Each step is Nova's own
/// handler and the row's next state in one transaction, so a server that is killed at any moment does no step twice and forgets none.
/// </summary>
internal sealed class AdviceReconciler(Database database, Neighbour neighbour, Sight sight, IServerFacts servers, ITelemetry telemetry, IOrganisations organisations, TimeProvider clock) : IReconciler
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2), Look = TimeSpan.FromSeconds(30), Patience = TimeSpan.FromMinutes(10);

    public string Kind => AdviceStore.Work;

    public async Task<IReadOnlyList<string>> Keys(Query q) => await q.Db<CapacityDb>().Advice.Where(a => States.UnderWay.Contains(a.State)).Select(a => a.Id).ToListAsync();

    public async Task<Next> Reconcile(string id, CancellationToken ct)
    {
        var (row, server, policy) = await database.Read(async q =>
        {
            var found = await q.Db<CapacityDb>().Advice.SingleOrDefaultAsync(a => a.Id == id, ct);
            return (found, found is null ? null : await servers.Find(q, found.ServerId), await Policy.Read(q));
        }, ct);
        if (row is null || !States.UnderWay.Contains(row.State)) return Next.Done;
        if (server is null) return await End(row, States.Overtaken, "The server is gone.", ct);
        return row.State switch
        {
            States.Accepted => await Begin(row, server, ct),
            States.Asked => await Asked(row, server, policy, ct),
            States.Resizing => await Settle(row, server, row.ToId, ct, tx => Watch(tx, row, policy)),
            States.Watching => await Watching(row, server, policy, ct),
            States.Undoing => server.FlavorId == row.FromId ? await End(row, States.Undone, null, ct) : await Resize(row, server, row.FromId, States.Reverting, "capacity_advice.resize_back", ct),
            _ => await Settle(row, server, row.FromId, ct, tx => AdviceStore.Update(tx, row, s => s.SetProperty(a => a.State, States.Undone).SetProperty(a => a.QuietUntil, tx.Now + policy.QuietSeconds * 1000).SetProperty(a => a.Error, (string?)null))),
        };
    }

    private async Task<Next> Begin(AdviceRow row, ServerFacts server, CancellationToken ct)
    {
        if (server.FlavorId != row.FromId) return await End(row, States.Overtaken, "Somebody gave the server another size meanwhile.", ct);
        if (!row.AtOnce && await database.Read(q => WindowApi.Nearest(q, organisations, row.ProjectId), ct) is { } window && window.Window().Until(clock.Ms()) is > 0 and var wait)
            return Next.In(TimeSpan.FromMilliseconds(Math.Min(wait, Patience.TotalMilliseconds)));
        return await Resize(row, server, row.ToId, States.Resizing, "capacity_advice.resize", ct);
    }

    /// <summary>Others decide; what they approve is carried out by the request itself.</summary>
    private async Task<Next> Asked(AdviceRow row, ServerFacts server, Policy policy, CancellationToken ct)
    {
        if (server.FlavorId == row.ToId) return await Settle(row, server, row.ToId, ct, tx => Watch(tx, row, policy));
        var (answer, _) = await neighbour.Do(Actor.System, "xiangyun", "GET", $"/requests/{row.RequestId}", new JsonObject(), null, ct);
        var request = ((JsonObject)answer.Body!)["request"]!;
        return (string?)request["state"] is "refused" or "withdrawn" or "failed" ? await End(row, States.Failed, $"The request {row.RequestId} was {(string?)request["state"]}. {(string?)request["error"]}".TrimEnd(), ct) : Next.In(Look);
    }

    private async Task<Next> Resize(AdviceRow row, ServerFacts server, string flavor, string next, string verb, CancellationToken ct)
    {
        var back = next == States.Reverting;
        var actor = await database.Read(q => sight.Acting(q, row.Standpoint!, row.ProjectId, "req-" + row.Id), ct);
        if (actor is null && !back) return await End(row, States.Failed, "Who accepted this no longer has the roles for it.", ct);
        try
        {
            await database.Together(async joint =>
            {
                // Taking back what hurts does not wait for anybody's roles.
                await neighbour.Do(actor ?? Actor.System, "nova", "POST", $"/servers/{server.Id}/action", new JsonObject { ["resize"] = new JsonObject { ["flavorRef"] = flavor } }, null, ct);
                await database.Write(Actor.System, async tx =>
                {
                    await AdviceStore.Update(tx, row, s => s.SetProperty(a => a.State, next).SetProperty(a => a.BeganAt, tx.Now).SetProperty(a => a.Error, (string?)null));
                    tx.Audit(verb, "capacity_advice", row.Id, row.ProjectId, new { server = server.Id, flavor, by = row.AcceptedBy });
                }, ct);
                joint.Keep = true;
                return true;
            }, ct);
        }
        catch (CloudError e) when (!back)
        {
            return await End(row, States.Failed, e.Message, ct);
        }
        catch (CloudError e)
        {
            await database.Write(Actor.System, tx => tx.Db<CapacityDb>().Advice.Where(a => a.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(a => a.Error, e.Message)), ct);
            return Next.In(Look);
        }
        return Next.In(Soon);
    }

    /// <summary>The host has done it: confirmed in the same name, and the row goes on with it.</summary>
    private async Task<Next> Settle(AdviceRow row, ServerFacts server, string flavor, CancellationToken ct, Func<Tx, Task> then)
    {
        if (server.Status == "ERROR") return await End(row, States.Failed, server.Fault ?? "The server is in ERROR.", ct);
        if (server.FlavorId != flavor) return await End(row, States.Overtaken, "Somebody gave the server another size meanwhile.", ct);
        if (server.Status is not ("VERIFY_RESIZE" or "ACTIVE" or "SHUTOFF")) return Next.In(Soon);
        var actor = await database.Read(q => sight.Acting(q, row.Standpoint!, row.ProjectId, "req-" + row.Id), ct);
        await database.Together(async joint =>
        {
            if (server.Status == "VERIFY_RESIZE") await neighbour.Do(actor ?? Actor.System, "nova", "POST", $"/servers/{server.Id}/action", new JsonObject { ["confirmResize"] = null }, null, ct);
            await database.Write(Actor.System, async tx =>
            {
                await then(tx);
                tx.Audit("capacity_advice.confirm", "capacity_advice", row.Id, row.ProjectId, new { server = server.Id, flavor, by = row.AcceptedBy });
            }, ct);
            joint.Keep = true;
            return true;
        }, ct);
        return Next.In(Soon);
    }

    private static Task Watch(Tx tx, AdviceRow row, Policy policy) => AdviceStore.Update(tx, row, s => s.SetProperty(a => a.State, States.Watching).SetProperty(a => a.BeganAt, tx.Now).SetProperty(a => a.WatchUntil, tx.Now + policy.WatchSeconds * 1000));

    private async Task<Next> Watching(AdviceRow row, ServerFacts server, Policy policy, CancellationToken ct)
    {
        if (server.FlavorId != row.ToId) return await End(row, States.Overtaken, "Somebody gave the server another size meanwhile.", ct);
        var watched = Watched.Of(await telemetry.History(server.Id, month: false), telemetry.Now(server.Id), row.BeganAt ?? row.UpdatedAt);
        var (text, why, now) = (watched.Wire().ToJsonString(), watched.Regressed(policy), clock.Ms());
        if (why is not null)
        {
            await database.Write(Actor.System, async tx =>
            {
                await AdviceStore.Update(tx, row, s => s.SetProperty(a => a.State, States.Undoing).SetProperty(a => a.Why, why).SetProperty(a => a.Watched, text));
                tx.Audit("capacity_advice.regressed", "capacity_advice", row.Id, row.ProjectId, new { server = server.Id, why, watched = text });
            }, ct);
            return Next.In(TimeSpan.Zero);
        }
        if (now >= row.WatchUntil)
        {
            await database.Write(Actor.System, async tx =>
            {
                await AdviceStore.Update(tx, row, s => s.SetProperty(a => a.State, States.Done).SetProperty(a => a.Watched, text));
                tx.Audit("capacity_advice.done", "capacity_advice", row.Id, row.ProjectId, new { server = server.Id, watched = text });
            }, ct);
            return Next.Done;
        }
        if (row.Watched != text) await database.Write(Actor.System, tx => tx.Db<CapacityDb>().Advice.Where(a => a.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(a => a.Watched, text)), ct);
        return Next.In(TimeSpan.FromMilliseconds(Math.Clamp(row.WatchUntil!.Value - now, 1000, Look.TotalMilliseconds)));
    }

    private async Task<Next> End(AdviceRow row, string state, string? error, CancellationToken ct)
    {
        await database.Write(Actor.System, async tx =>
        {
            var quiet = state is States.Failed or States.Undone ? tx.Now + (await Policy.Read(tx)).QuietSeconds * 1000 : (long?)null;
            await AdviceStore.Update(tx, row, s => s.SetProperty(a => a.State, state).SetProperty(a => a.Error, error).SetProperty(a => a.QuietUntil, quiet));
            tx.Audit("capacity_advice." + state, "capacity_advice", row.Id, row.ProjectId, new { server = row.ServerId, error });
        }, ct);
        return Next.Done;
    }
}
