using System.Text;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Audit.Keys;

/// <summary>The public keys, for everybody who holds a copy, and the order to take a new one.</summary>
internal sealed class KeyApi(Database database, KeyRing ring) : IApi
{
    public Service Service => AuditModule.Service;

    public void Map(Routes r)
    {
        r.Get("/audit/keys", "audit:keys", List);
        r.Post("/audit/keys", "audit:rotate_key", "audit.rotate_key", Rotate);
    }

    private async Task<Answer> List(Call call)
    {
        var rows = await database.Read(KeyRing.All);
        return call.QueryFlag("lines") ? Lines.Of(rows.Select(k => k.Line())) : Answer.Ok(new { keys = rows.Select(Wire) });
    }

    private async Task<Answer> Rotate(Call call)
    {
        (await call.Body()).Done();
        return Answer.Created(new { key = Wire(await ring.Rotate(call.Actor, call.Stop)) });
    }

    private static object Wire(KeyRow k) => new { k.Number, k.Id, k.Public, k.Before, at = Clock.Seconds(k.At), k.Signature, k.SignatureBefore };
}

/// <summary>Statements as lines that <c>./xiangyun audit verify</c> reads.</summary>
internal static class Lines
{
    public const string Type = "application/x-ndjson";

    public static Answer Of(IEnumerable<byte[]> lines) => new Answer(200)
    {
        Write = async http =>
        {
            http.Response.ContentType = Type;
            foreach (var line in lines) await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(line) + "\n"), http.RequestAborted);
        },
    };
}
