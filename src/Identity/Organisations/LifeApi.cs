using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Organisations;

/// <summary>
/// An organisation moves (PUT /organisations/{id}/parent) or ends (DELETE /organisations/{id}). Who has power over both sides of a
/// move may do it; an end always needs two people, so that it only ever comes by an approved request.
/// </summary>
internal sealed class LifeApi(IdentityStore store, Database database, Power power, Estate estate, QuotaTree tree) : IApi
{
    public Service Service => OrganisationApi.Own;

    public void Map(Routes r)
    {
        r.Put("/organisations/{id}/parent", "organisation:move", "organisation.move", Move);
        r.Delete("/organisations/{id}", "organisation:end", "organisation.close", End);
        r.Get("/organisations/{id}/closing", "organisation:read", Show);
    }

    private static CloudError TheCloud() => CloudError.Invalid("The cloud itself neither moves nor ends.");

    private async Task<Answer> Move(Call call)
    {
        var body = await call.Body();
        var (to, keep) = (body.Text("parent_id", 1, 64), body.FlagOr("keep_grants") ?? false);
        body.Done();
        await store.Write(call.Actor, async (tx, _) =>
        {
            var node = await OrganisationApi.Visible(tx, power, call.Actor, call["id"]) ?? throw TheCloud();
            var parent = await OrganisationApi.Visible(tx, power, call.Actor, to) ?? throw CloudError.Invalid("Below the cloud itself there are bureaus (domains) only.");
            if (!await power.Gives(tx, call.Actor, node.Id) || !await power.Manages(tx, call.Actor, parent.Id))
                throw CloudError.Forbidden($"Moving {node.Name} below {parent.Name} needs power over both sides, or the consent of both: POST /xiangyun/v1/requests with the kind move.", "RequestNeeded");
            await Moving.Move(tx, tree, node, parent, keep, call.Verb);
        });
        return Answer.NoContent;
    }

    private async Task<Answer> End(Call call)
    {
        await store.Write(call.Actor, async (tx, _) =>
        {
            var node = await OrganisationApi.Visible(tx, power, call.Actor, call["id"]) ?? throw TheCloud();
            if (!await power.Gives(tx, call.Actor, node.Id)) throw CloudError.Forbidden("The end of an organisation is decided above it.");
            await Closing.Begin(tx, estate, node, call.Verb);
        });
        return Answer.Accepted;
    }

    private Task<Answer> Show(Call call) => database.Read(async q =>
    {
        var node = await OrganisationApi.Visible(q, power, call.Actor, call["id"]) ?? throw TheCloud();
        var row = await q.Db<IdentityDb>().Closings.SingleOrDefaultAsync(c => c.Id == node.Id) ?? throw CloudError.NotFound($"The organisation {node.Name} is not ending.");
        var left = (await estate.Of(q, node)).Where(b => b.Count > 0);
        return Answer.Ok(new JsonObject
        {
            ["closing"] = new JsonObject
            {
                ["organisation_id"] = row.Id, ["started_at"] = Clock.Seconds(row.StartedAt), ["blocked"] = JsonNode.Parse(row.Blocked),
                ["left"] = new JsonArray([.. left.Select(b => new JsonObject { ["kind"] = b.Kind, ["count"] = b.Count })]),
            },
        });
    }, call.Stop);
}
