using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Approvals.Plans;
using Xiangyun.Approvals.Rules;
using Xiangyun.Identity.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Store.Quotas;
using Xiangyun.Wire;

namespace Xiangyun.Approvals.Requests;

/// <summary>/xiangyun/v1/requests, the requester's side: ask, look, change, withdraw, try again.</summary>
internal sealed class RequestApi(Database database, Planner planner, RuleStore rules, Consent consent, Sight sight, Deciders deciders, IPower power, IBranches branches, QuotaTree tree) : IApi
{
    public Service Service => ApprovalsModule.Service;

    public void Map(Routes r)
    {
        r.Get("/requests", "approval:read", List);
        r.Get("/requests/{id}", "approval:read", call => database.Read(async q => await Body(q, call, await sight.Find(q, call.Actor, call["id"]))));
        r.Post("/requests", "approval:request", "request.create", Create);
        r.Put("/requests/{id}", "approval:request", "request.change", Change);
        r.Post("/requests/{id}/withdraw", "approval:request", "request.withdraw", call => Move(call, States.Withdrawn, States.Waiting, States.Returned, States.Failed));
        r.Post("/requests/{id}/retry", "approval:request", "request.retry", call => Move(call, States.Approved, States.Failed));
    }

    private async Task<Answer> Body(Query q, Call call, RequestRow row, JsonObject? around = null)
    {
        var decisions = await q.Db<ApprovalsDb>().Decisions.Where(d => d.RequestId == row.Id).OrderBy(d => d.Id).ToListAsync();
        var wire = RequestWire.Of(row, q.Now, decisions);
        wire["may_decide"] = await deciders.May(q, call.Actor, row);
        var body = new JsonObject { ["request"] = wire };
        if (around is not null) body["around"] = around;
        return new Answer(200, body);
    }

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var rows = await sight.Rows(q, call.Actor);
        if (call.QueryOr("to_decide") is not null && call.QueryFlag("to_decide"))
        {
            var mine = await sight.ToDecide(q, call.Actor);
            rows = q.Db<ApprovalsDb>().Requests.Where(r => mine.Contains(r.Id));
        }
        if (call.QueryOr("mine") is not null && call.QueryFlag("mine")) rows = rows.Where(r => r.RequesterId == call.Actor.UserId);
        if (call.QueryOr("state") is { } state) rows = States.All.Contains(state) ? rows.Where(r => r.State == state) : throw CloudError.Invalid($"There is no state '{state}'; there are {string.Join(", ", States.All)}.");
        if (call.QueryOr("kind") is { } kind) rows = rows.Where(r => r.Kind == kind);
        if (call.QueryOr("organisation_id") is { } node)
        {
            var below = (await tree.Read(q, "")).Below(node).ToList();
            rows = rows.Where(r => below.Contains(r.ProjectId));
        }
        var page = call.Page();
        var mark = page.Marker is { } m ? await rows.SingleOrDefaultAsync(r => r.Id == m) ?? throw CloudError.Invalid($"The marker {m} names no request of this list.") : null;
        var slice = await rows.Paged([new SortKey("Id", true)], page, mark);
        return Answer.Ok(new JsonObject { ["requests"] = new JsonArray([.. slice.Rows.Select(r => RequestWire.Of(r, q.Now))]), ["next"] = slice.More ? call.NextLink(slice.Rows[^1].Id) : null });
    });

    private async Task<Answer> Create(Call call)
    {
        var actor = OwnSelf(call);
        var body = await call.Body("request");
        var (kind, wish, reason, version) = (body.Text("kind", 1, 32), Wish(body), body.TextOr("reason", 0, 2000) ?? "", body.TextOr("microversion", 1, 16));
        body.Done();
        var errand = Kinds.Read(kind, wish, actor);
        await MustBeOwn(errand, actor, wish);
        var planned = await planner.Look(errand, 1, Planning(errand, actor), version, call.Stop);
        return await database.Write(actor, async tx =>
        {
            var steps = await Steps(tx, errand, actor);
            if (errand.NeedsOther && steps.Count == 0) throw CloudError.Conflict($"Nobody is set to decide about a {kind} for {errand.ProjectId}: its manager sets the steps at /xiangyun/v1/organisations/{errand.ProjectId}/approval-rules.");
            var row = new RequestRow
            {
                Id = Id.New(), Kind = kind, ProjectId = errand.ProjectId, RequesterId = actor.UserId, Requester = RequestWire.Text(actor), Wish = wish.ToJsonString(), Microversion = version, Reason = reason,
                State = steps.Count == 0 ? States.Approved : States.Waiting, Revision = 1, Plan = planned.Plan.Text, PlanHash = planned.Plan.Hash, Steps = Step.Text(steps), StepSince = tx.Now, Generation = 1, CreatedAt = tx.Now, UpdatedAt = tx.Now,
            };
            tx.Db<ApprovalsDb>().Add(row);
            await tx.Save();
            tx.Audit(call.Verb, "request", row.Id, row.ProjectId, new { kind, row.PlanHash, row.State });
            if (row.State == States.Approved) tx.Wake(ApprovalsModule.Work, row.Id);
            return await Body(tx, call, row, planned.Around()) with { Status = 201 };
        });
    }

    /// <summary>Another wish is another plan: the approvals begin anew.</summary>
    private async Task<Answer> Change(Call call)
    {
        var actor = OwnSelf(call);
        var body = await call.Body("request");
        var (wish, reason) = (Wish(body), body.TextOr("reason", 0, 2000));
        body.Done();
        var old = await database.Read(q => Own(q, call, States.Waiting, States.Returned, States.Failed));
        var errand = Kinds.Read(old.Kind, wish, actor);
        if (errand.ProjectId != old.ProjectId) throw CloudError.Conflict($"This request is for {old.ProjectId}; make another one for {errand.ProjectId}.");
        await MustBeOwn(errand, actor, wish);
        var planned = await planner.Look(errand, old.Revision + 1, Planning(errand, actor), old.Microversion, call.Stop);
        return await database.Write(actor, async tx =>
        {
            var steps = await Steps(tx, errand, actor);
            if (errand.NeedsOther && steps.Count == 0) throw CloudError.Conflict("Nobody is set to decide about this any more.");
            var (state, text, words, now) = (steps.Count == 0 ? States.Approved : States.Waiting, wish.ToJsonString(), reason ?? old.Reason, tx.Now);
            var (who, plan, hash, path) = (RequestWire.Text(actor), planned.Plan.Text, planned.Plan.Hash, Step.Text(steps));
            await Requests.Update(tx, old, s => s.SetProperty(r => r.Wish, text).SetProperty(r => r.Reason, words).SetProperty(r => r.State, state).SetProperty(r => r.Revision, old.Revision + 1).SetProperty(r => r.Requester, who)
                .SetProperty(r => r.Plan, plan).SetProperty(r => r.PlanHash, hash).SetProperty(r => r.Steps, path).SetProperty(r => r.Step, 0).SetProperty(r => r.StepSince, now).SetProperty(r => r.Executor, (string?)null).SetProperty(r => r.Error, (string?)null));
            tx.Audit(call.Verb, "request", old.Id, old.ProjectId, new { planned.Plan.Hash, revision = old.Revision + 1 });
            if (state == States.Approved) tx.Wake(ApprovalsModule.Work, old.Id);
            return await Body(tx, call, await sight.Find(tx, actor, old.Id), planned.Around());
        });
    }

    private async Task<Answer> Move(Call call, string to, params string[] from) => await database.Write(OwnSelf(call), async tx =>
    {
        var row = await Own(tx, call, from);
        await Requests.Update(tx, row, s => s.SetProperty(r => r.State, to).SetProperty(r => r.Error, (string?)null));
        tx.Audit(call.Verb, "request", row.Id, row.ProjectId);
        if (to == States.Approved) tx.Wake(ApprovalsModule.Work, row.Id);
        return await Body(tx, call, await sight.Find(tx, call.Actor, row.Id));
    });

    private async Task<RequestRow> Own(Query q, Call call, params string[] states)
    {
        var row = await sight.Find(q, call.Actor, call["id"]);
        if (row.RequesterId != call.Actor.UserId) throw CloudError.Forbidden("Only who made the request may do this.");
        return states.Contains(row.State) ? row : throw CloudError.Conflict($"The request is {row.State}; this can be done while it is {string.Join(" or ", states)}.");
    }

    /// <summary>A lent or narrowed token must not ask for what its holder could do with the whole one.</summary>
    internal static Actor OwnSelf(Call call) => call.Actor is { SignedInUserId: null, Only: null } actor ? actor : throw CloudError.Forbidden("Requests are made and decided with your own sign-in, not with a trust or a limited application credential.");

    private static JsonObject Wish(Fields body) => Kinds.Object(body.Raw("wish"), "request.wish");

    private Task<IReadOnlyList<Step>> Steps(Query q, Errand errand, Actor actor) => errand.ByConsent ? consent.Steps(q, errand, actor) : rules.Steps(q, errand.ProjectId);

    /// <summary>Who may not do it himself is planned for with the cloud's eyes; what he may not see is not there.</summary>
    private static Actor Planning(Errand errand, Actor actor) => errand.ByApprover || errand.ByConsent ? CarryOut.Cloud(actor.RequestId) : actor;

    private async Task MustBeOwn(Errand errand, Actor actor, JsonObject wish)
    {
        if (!errand.ByApprover && !errand.ByConsent) return;
        await database.Read(async q =>
        {
            if (!await power.Sees(q, actor, errand.ProjectId)) throw CloudError.NotFound($"There is no organisation {errand.ProjectId}.");
            if (errand.Kind != Kinds.Right) return true;
            var user = (string)wish["user_id"]!;
            var domains = await branches.DomainsOf(q, [user, errand.ProjectId]);
            return domains.TryGetValue(user, out var of) && domains.TryGetValue(errand.ProjectId, out var there) && of == there ? true : throw CloudError.NotFound($"There is no user {user} in the domain of {errand.ProjectId}.");
        });
    }
}
