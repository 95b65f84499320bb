using Xiangyun.Approvals.Public;
using Xiangyun.Capacity.Advice;
using Xiangyun.Capacity.Idle;
using Xiangyun.Capacity.Settings;
using Xiangyun.Compute.Public;
using Xiangyun.Kernel;
using Xiangyun.Reconcile;
using Xiangyun.Store;
using Xiangyun.Store.Idle;
using Xiangyun.Telemetry.Public;
using Xiangyun.Wire;

namespace Xiangyun.Capacity;

/// <summary>Looks at one project at a time, each once an hour or when somebody asks: its servers, what they used, and what lies about.</summary>
internal sealed class Survey(Database database, IServerFacts servers, IEnumerable<ILeftovers> leftovers, ITelemetry telemetry, IPrices prices) : IReconciler
{
    public const string Work = "capacity.survey";

    public string Kind => Work;
    public TimeSpan FullPass => TimeSpan.FromHours(1);

    public async Task<IReadOnlyList<string>> Keys(Query q)
    {
        var projects = new HashSet<string>(await servers.Projects(q));
        foreach (var module in leftovers) projects.UnionWith(await module.Projects(q));
        projects.UnionWith(q.Db<CapacityDb>().Advice.Where(a => a.State == States.Proposed).Select(a => a.ProjectId).Distinct());
        projects.UnionWith(q.Db<CapacityDb>().Idle.Where(a => a.State == IdleStates.Open).Select(a => a.ProjectId).Distinct());
        return [.. projects];
    }

    public async Task<Next> Reconcile(string id, CancellationToken ct)
    {
        var (all, flavors, left, list, policy) = await database.Read(async q =>
        {
            var lying = new List<Leftover>();
            foreach (var module in leftovers) lying.AddRange(await module.Of(q, id));
            return (await servers.All(q, id), await servers.Flavors(q), lying, await prices.Now(q), await Policy.Read(q));
        }, ct);
        var profiles = await telemetry.Profiles([.. all.Select(s => s.Id)]);
        await database.Write(Actor.System, async tx =>
        {
            await AdviceSurvey.Bring(tx, id, all, flavors, profiles, list, policy);
            await IdleSurvey.Bring(tx, id, [.. Finder.Look(tx.Now, all, profiles, left, list, policy)], policy);
        }, ct);
        return Next.Done;
    }
}

/// <summary>/xiangyun/v1/capacity/survey: look now, at what the caller sees.</summary>
internal sealed class SurveyApi(Database database, Survey survey, Sight sight) : IApi
{
    public Service Service => CapacityModule.Service;

    public void Map(Routes r) => r.Post("/capacity/survey", "capacity:read", "capacity.survey", Look);

    private Task<Answer> Look(Call call) => database.Write(call.Actor, async tx =>
    {
        var projects = await sight.Projects(tx, call.Actor) ?? await survey.Keys(tx);
        foreach (var project in projects) tx.Wake(Survey.Work, project);
        tx.Audit(call.Verb, "capacity", "survey", call.Actor.ProjectId, new { projects = projects.Count });
        return Answer.AcceptedWith(new { projects = projects.Count });
    }, call.Stop);
}
