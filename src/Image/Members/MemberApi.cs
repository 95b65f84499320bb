using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Image.Images;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Image.Members;

/// <summary>Projects that a shared image is offered to; each of them accepts or rejects it for its own list.</summary>
internal sealed class MemberApi(Database database) : IApi
{
    private const int Most = 128;

    public Service Service => ImageService.Service;

    public void Map(Routes routes)
    {
        routes.Get("/images/{id}/members", "image:read", List);
        routes.Post("/images/{id}/members", "image:write", "image.member.add", Create);
        routes.Get("/images/{id}/members/{member}", "image:read", Show);
        routes.Put("/images/{id}/members/{member}", "image:write", "image.member.answer", AnswerTo);
        routes.Delete("/images/{id}/members/{member}", "image:write", "image.member.remove", Remove);
    }

    private async Task<Answer> List(Call call)
    {
        var rows = await database.Read(async q => await Visible(q, call, await Shared(q, call)).OrderBy(m => m.CreatedAt).ThenBy(m => m.MemberId).ToListAsync(), call.Stop);
        return Answer.Ok(new JsonObject { ["members"] = new JsonArray([.. rows.Select(Wire)]), ["schema"] = "/v2/schemas/members" });
    }

    private async Task<Answer> Show(Call call)
    {
        var row = await database.Read(async q => await One(q, call, await ImageStore.Get(q, call.Actor, call["id"])), call.Stop);
        return Answer.Ok(Wire(row));
    }

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body();
        var member = body.Text("member", 1);
        body.Done();
        var row = await database.Write(call.Actor, async tx =>
        {
            var image = await Shared(tx, call);
            await ImageStore.GetOwn(tx, call.Actor, image.Id);
            var db = tx.Db<ImageDb>();
            var members = await db.Members.Where(m => m.ImageId == image.Id).Select(m => m.MemberId).ToListAsync();
            if (members.Contains(member)) throw CloudError.Conflict($"Image member {member} already exists for image {image.Id}.");
            if (members.Count >= Most) throw CloudError.OverLimit($"An image may have at most {Most} members.");
            var made = new MemberRow { ImageId = image.Id, MemberId = member, Status = "pending", CreatedAt = tx.Now, UpdatedAt = tx.Now };
            db.Add(made);
            tx.Audit(call.Verb, "image", image.Id, image.OwnerId, new { member });
            return made;
        }, call.Stop);
        return Answer.Ok(Wire(row));
    }

    private async Task<Answer> AnswerTo(Call call)
    {
        var body = await call.Body();
        var status = body.OneOf("status", "pending", "accepted", "rejected") ?? throw CloudError.Invalid("status is required: pending, accepted or rejected.");
        body.Done();
        await database.Write(call.Actor, async tx =>
        {
            var image = await Shared(tx, call);
            var row = await One(tx, call, image);
            if (!call.Actor.IsAdmin && call.Actor.ProjectId != row.MemberId) throw CloudError.Forbidden("Only the member itself answers whether it accepts the image.");
            await tx.Db<ImageDb>().Members.Where(m => m.ImageId == row.ImageId && m.MemberId == row.MemberId)
                .ExecuteUpdateAsync(s => s.SetProperty(m => m.Status, status).SetProperty(m => m.UpdatedAt, tx.Now));
            tx.Audit(call.Verb, "image", image.Id, image.OwnerId, new { member = row.MemberId, status });
        }, call.Stop);
        return await Show(call);
    }

    private async Task<Answer> Remove(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            var image = await Shared(tx, call);
            await ImageStore.GetOwn(tx, call.Actor, image.Id);
            var row = await One(tx, call, image);
            await tx.Db<ImageDb>().Members.Where(m => m.ImageId == row.ImageId && m.MemberId == row.MemberId).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "image", image.Id, image.OwnerId, new { member = row.MemberId });
        }, call.Stop);
        return Answer.NoContent;
    }

    private static async Task<ImageRow> Shared(Query q, Call call)
    {
        var image = await ImageStore.Get(q, call.Actor, call["id"]);
        return image.Visibility == "shared" ? image : throw CloudError.Forbidden($"Only shared images have members; image {image.Id} is {image.Visibility}.");
    }

    /// <summary>The owner sees all members, a member only itself.</summary>
    private static IQueryable<MemberRow> Visible(Query q, Call call, ImageRow image)
    {
        var rows = q.Db<ImageDb>().Members.Where(m => m.ImageId == image.Id);
        var project = call.Actor.ProjectId;
        return call.Actor.IsAdmin || image.OwnerId == project ? rows : rows.Where(m => m.MemberId == project);
    }

    private static async Task<MemberRow> One(Query q, Call call, ImageRow image) =>
        await Visible(q, call, image).SingleOrDefaultAsync(m => m.MemberId == call["member"])
        ?? throw CloudError.NotFound($"{call["member"]} not found in the member list of the image {image.Id}.");

    private static JsonNode Wire(MemberRow row) => new JsonObject
    {
        ["image_id"] = row.ImageId, ["member_id"] = row.MemberId, ["status"] = row.Status,
        ["created_at"] = Clock.Seconds(row.CreatedAt), ["updated_at"] = Clock.Seconds(row.UpdatedAt), ["schema"] = "/v2/schemas/member",
    };
}
