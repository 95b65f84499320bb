using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Wire;

namespace Xiangyun.Screen;

/// <summary>/xiangyun/v1/screen-tokens: for screens on walls. The secret is shown once.</summary>
internal sealed class TokenApi(Database database) : IApi
{
    private const int LongestHours = 24 * 366, Most = 100;

    public Service Service => ScreenModule.Service;

    public void Map(Routes r)
    {
        r.Get("/screen-tokens", "screen:tokens", List);
        r.Post("/screen-tokens", "screen:tokens", "screen_token.create", Create);
        r.Delete("/screen-tokens/{id}", "screen:tokens", "screen_token.delete", Delete);
    }

    private static JsonObject Wire(TokenRow t) => new() { ["id"] = t.Id, ["name"] = t.Name, ["created_by"] = t.CreatedBy, ["created_at"] = Clock.Seconds(t.CreatedAt), ["expires_at"] = Clock.Seconds(t.ExpiresAt) };

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var (rows, page) = (q.Db<ScreenDb>().Tokens.AsQueryable(), call.Page());
        var mark = page.Marker is { } m ? await rows.SingleOrDefaultAsync(t => t.Id == m) ?? throw CloudError.Invalid($"The marker {m} names no token of this list.") : null;
        var slice = await rows.Paged([new SortKey("Id", true)], page, mark);
        return Answer.Ok(new JsonObject { ["screen_tokens"] = new JsonArray([.. slice.Rows.Select(Wire)]), ["next"] = slice.More ? call.NextLink(slice.Rows[^1].Id) : null });
    });

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body("screen_token");
        var (name, hours) = (body.Text("name", 1, 64), body.NumberOr("hours", 1, LongestHours) ?? 24 * 90);
        body.Done();
        var secret = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
        return await database.Write(call.Actor, async tx =>
        {
            var tokens = tx.Db<ScreenDb>().Tokens;
            await tokens.Where(t => t.ExpiresAt < tx.Now).ExecuteDeleteAsync();
            if (await tokens.CountAsync() >= Most) throw CloudError.Conflict($"There are {Most} screen tokens; delete one that is not used any more.");
            var row = new TokenRow { Id = Id.New(), Name = name, Hash = ScreenApi.Hash(secret), CreatedBy = call.Actor.UserId, CreatedAt = tx.Now, ExpiresAt = tx.Now + hours * 3_600_000 };
            tx.Db<ScreenDb>().Add(row);
            tx.Audit(call.Verb, "screen_token", row.Id, null, new { name, hours });
            var wire = Wire(row);
            wire["secret"] = secret;
            return Answer.Created(new JsonObject { ["screen_token"] = wire });
        });
    }

    private async Task<Answer> Delete(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            var id = call["id"];
            if (await tx.Db<ScreenDb>().Tokens.Where(t => t.Id == id).ExecuteDeleteAsync() == 0) throw CloudError.NotFound($"There is no screen token {id}.");
            tx.Audit(call.Verb, "screen_token", id);
        });
        return Answer.NoContent;
    }
}
