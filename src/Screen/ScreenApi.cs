using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Screen;

/// <summary>
/// /xiangyun/v1/screen: the newest figures, and the stream of them as server-sent events. For operators of the cloud with their token, and for a
/// screen on a wall with one that opens nothing else.
/// </summary>
internal sealed class ScreenApi(Board board, Database database, TimeProvider clock) : IApi
{
    public const string Header = "X-Screen-Token";
    private const int MostWatching = 200;
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public Service Service => ScreenModule.Service;

    public void Map(Routes r)
    {
        r.Get("/screen", Rules.Public, async call => { await MustSee(call); return await Now(call); });
        r.Get("/screen/stream", Rules.Public, async call => { await MustSee(call); return new Answer(200) { Write = http => Stream(http, call) }; });
    }

    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private async Task MustSee(Call call)
    {
        if (call.HasActor)
        {
            if (call.Actor.IsAdmin || call.Actor.SystemScope) return;
            throw CloudError.Forbidden("The big screen is for those who run or watch the whole cloud, or for a screen token of theirs.");
        }
        if (!await Opens(call.Http.Request.Headers[Header].ToString())) throw CloudError.Unauthorized($"The screen token is missing, unknown or expired; whoever runs the cloud makes one. It is sent in the header {Header}.");
    }

    private Task<bool> Opens(string secret)
    {
        if (secret.Length is 0 or > 200) return Task.FromResult(false);
        var hash = Hash(secret);
        return database.Read(q => q.Db<ScreenDb>().Tokens.AnyAsync(t => t.Hash == hash && t.ExpiresAt > q.Now));
    }

    private async Task<Answer> Now(Call call)
    {
        using var seat = board.Watch();
        if (board.Newest is not { } newest || clock.Ms() - newest.At > Gathering.Period * 2000) await board.Next.WaitAsync(TimeSpan.FromSeconds(Gathering.Period * 3), call.Stop);
        return new Answer(200) { Write = http => { http.Response.ContentType = "application/json"; return http.Response.Body.WriteAsync(board.Newest!.Json, call.Stop).AsTask(); } };
    }

    /// <summary>Ends after an hour, or when the token does: the browser comes again by itself and is asked again.</summary>
    private async Task Stream(HttpContext http, Call call)
    {
        if (board.Watching >= MostWatching) throw CloudError.Unavailable($"{MostWatching} screens watch already.");
        using var seat = board.Watch();
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        var (secret, began, sent) = (http.Request.Headers[Header].ToString(), clock.GetTimestamp(), -1L);
        while (clock.GetElapsedTime(began) < Longest && !call.Stop.IsCancellationRequested)
        {
            var next = board.Next;
            if (board.Newest is { } newest && newest.Number != sent)
            {
                if (!call.HasActor && !await Opens(secret)) return;
                sent = newest.Number;
                await http.Response.Body.WriteAsync(Encoding.ASCII.GetBytes($"id: {sent}\nevent: figures\ndata: "), call.Stop);
                await http.Response.Body.WriteAsync(newest.Json, call.Stop);
                await http.Response.Body.WriteAsync("\n\n"u8.ToArray(), call.Stop);
                await http.Response.Body.FlushAsync(call.Stop);
            }
            await next.WaitAsync(call.Stop);
        }
    }
}
