using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Quotas;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Groups;

internal sealed class GroupApi(Database database) : IApi
{
    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        r.Get("/os-server-groups", "compute:read", List);
        r.Post("/os-server-groups", "compute:create", "server_group.create", Create);
        r.Get("/os-server-groups/{id}", "compute:read", call => database.Read(async q => { var row = await Find(q, call); return Answer.Ok(new JsonObject { ["server_group"] = Wire(row, (await Members(q, [row]))[row.Id], call) }); }));
        r.Delete("/os-server-groups/{id}", "compute:create", "server_group.delete", Delete);
    }

    /// <summary>One policy with rules since 2.64; before that a list of one policy and metadata that never had anything in it.</summary>
    private static JsonObject Wire(GroupRow g, IEnumerable<string> members, Call call)
    {
        var body = new JsonObject { ["id"] = g.Id, ["name"] = g.Name, ["members"] = new JsonArray([.. members.Select(m => (JsonNode)m)]) };
        if (call.AtLeast(13)) (body["project_id"], body["user_id"]) = (g.ProjectId, g.UserId);
        if (call.AtLeast(64)) (body["policy"], body["rules"]) = (g.Policy, g.MostPerHost is { } most ? new JsonObject { ["max_server_per_host"] = most } : []);
        else (body["policies"], body["metadata"]) = (new JsonArray(g.Policy), new JsonObject());
        return body;
    }

    private static async Task<GroupRow> Find(Query q, Call call)
    {
        var id = call["id"];
        return await q.Db<ComputeDb>().Groups.SingleOrDefaultAsync(g => g.Id == id) is { } row && call.Actor.MaySee(row.ProjectId) ? row : throw CloudError.NotFound($"Instance group {id} could not be found.");
    }

    private static async Task<ILookup<string, string>> Members(Query q, IReadOnlyList<GroupRow> groups)
    {
        var (ids, db) = (groups.Select(g => g.Id).ToList(), q.Db<ComputeDb>());
        return (await db.GroupMembers.Where(m => ids.Contains(m.GroupId) && db.Servers.Any(s => s.Id == m.ServerId && s.DeletedAt == null)).OrderBy(m => m.ServerId).ToListAsync()).ToLookup(m => m.GroupId, m => m.ServerId);
    }

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        Nova.OnlyQuery(call, 75, "all_projects", "limit", "offset");
        var rows = q.Db<ComputeDb>().Groups.AsQueryable();
        if (!call.Actor.IsAdmin || call.QueryOr("all_projects") is null) rows = rows.Where(g => g.ProjectId == call.Actor.ProjectId);
        var offset = int.TryParse(call.QueryOr("offset"), out var o) && o >= 0 ? o : call.QueryOr("offset") is null ? 0 : throw CloudError.Invalid("Invalid input for query parameters offset. It must be a whole number of 0 or more.");
        var slice = await rows.OrderBy(g => g.Id).Skip(offset).Take(call.Page().Limit).ToListAsync();
        var members = await Members(q, slice);
        return Answer.Ok(new JsonObject { ["server_groups"] = new JsonArray([.. slice.Select(g => Wire(g, members[g.Id], call))]) });
    });

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body("server_group");
        var name = body.Text("name", 1);
        if (name.Trim().Length == 0) throw CloudError.Invalid("Invalid input for field/attribute name. It must not be blank.");
        var (policy, most) = Policy(body, call);
        body.Done();
        var project = call.Actor.ProjectId ?? throw CloudError.Forbidden("Server groups belong to a project: use a token that is scoped to one.");
        var row = await database.Write(call.Actor, async tx =>
        {
            await ComputeQuota.CheckGroups(tx, project);
            var made = new GroupRow { Id = Id.New(), Name = name, ProjectId = project, UserId = call.Actor.UserId, Policy = policy, MostPerHost = most, CreatedAt = tx.Now };
            tx.Db<ComputeDb>().Add(made);
            tx.Audit(call.Verb, "server_group", made.Id, project, new { name, policy });
            return made;
        });
        return Answer.Ok(new JsonObject { ["server_group"] = Wire(row, [], call) });
    }

    private static (string Policy, long? MostPerHost) Policy(Fields body, Call call)
    {
        string[] known = call.AtLeast(15) ? ["affinity", "anti-affinity", "soft-affinity", "soft-anti-affinity"] : ["affinity", "anti-affinity"];
        if (!call.AtLeast(64))
        {
            var policies = body.TextsOr("policies") ?? throw CloudError.Invalid("'policies' is a required property.");
            return policies is [var only] && known.Contains(only) ? (only, null) : throw CloudError.Invalid($"Invalid input for field/attribute policies. It must be a list of one of: {string.Join(", ", known)}.");
        }
        var policy = body.OneOf("policy", known) ?? throw CloudError.Invalid("'policy' is a required property.");
        var rules = body.ObjectOr("rules");
        var most = rules?.NumberOr("max_server_per_host", 1, int.MaxValue);
        rules?.Done();
        return most is null || policy == "anti-affinity" ? (policy, most) : throw CloudError.Invalid($"Only anti-affinity policy supports rules; '{policy}' does not.");
    }

    private async Task<Answer> Delete(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            var row = await Find(tx, call);
            await tx.Db<ComputeDb>().GroupMembers.Where(m => m.GroupId == row.Id).ExecuteDeleteAsync();
            await tx.Db<ComputeDb>().Groups.Where(g => g.Id == row.Id).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "server_group", row.Id, row.ProjectId, new { row.Name });
        });
        return Answer.NoContent;
    }
}
