using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Projects;

internal sealed class TagApi(IdentityStore store) : IApi
{
    public Service Service => Keystone.Service;

    public void Map(Routes r)
    {
        r.Get("/projects/{id}/tags", "identity:get_project", async call => Answer.Ok(new JsonObject { ["tags"] = JsonNode.Parse((await Find(call)).Tags), ["links"] = Keystone.Self(call, $"/projects/{call["id"]}/tags") }));
        r.Put("/projects/{id}/tags", "identity:update_project", "project.update", async call =>
        {
            var tags = (await call.Body()).TextsOr("tags") ?? [];
            await Set(call, _ => tags);
            return Answer.Ok(new JsonObject { ["tags"] = JsonNode.Parse(Tags.Of(tags)) });
        });
        r.Delete("/projects/{id}/tags", "identity:update_project", "project.update", async call => { await Set(call, _ => []); return Answer.NoContent; });
        r.Get("/projects/{id}/tags/{tag}", "identity:get_project", Check);
        r.Head("/projects/{id}/tags/{tag}", "identity:get_project", Check);
        r.Put("/projects/{id}/tags/{tag}", "identity:update_project", "project.update", async call =>
        {
            await Set(call, tags => [.. tags.Where(t => t != call["tag"]), call["tag"]]);
            return new Answer(201);
        });
        r.Delete("/projects/{id}/tags/{tag}", "identity:update_project", "project.update", async call =>
        {
            await Set(call, tags => tags.Contains(call["tag"]) ? [.. tags.Where(t => t != call["tag"])] : throw Keystone.Missing("project tag", call["tag"]));
            return Answer.NoContent;
        });
    }

    private Task<ProjectRow> Find(Call call) => store.Read(db => ProjectApi.Visible(db, call));

    private async Task<Answer> Check(Call call) =>
        Keystone.Texts((await Find(call)).Tags).Contains(call["tag"]) ? Answer.NoContent : throw Keystone.Missing("project tag", call["tag"]);

    private Task Set(Call call, Func<List<string>, List<string>> change) => store.Write(call.Actor, async (tx, db) =>
    {
        var row = await IdentityStore.Project(db, call["id"]);
        Reach.MustManage(call.Actor, row.DomainId);
        var text = Tags.Of(change(Keystone.Texts(row.Tags)));
        await db.Projects.Where(p => p.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(p => p.Tags, text));
        tx.Audit(call.Verb, "project", row.Id, row.Id, new { tags = text });
    });
}
