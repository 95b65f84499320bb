using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Wire;

namespace Xiangyun.Operations.Alarms;

/// <summary>/xiangyun/v1/alarms: what is wrong and what was; somebody takes it on, or wants quiet about it for a time.</summary>
internal sealed class AlarmApi(Database database, Sight sight, Kinds kinds) : IApi
{
    private const long LongestSilence = 31L * 24 * 3_600_000;

    public Service Service => OperationsModule.Service;

    public void Map(Routes r)
    {
        r.Get("/alarms", "alarm:read", List);
        r.Get("/alarm-counts", "alarm:read", Count);
        r.Get("/alarms/{id}", "alarm:read", call => database.Read(async q => Body(await Find(q, call), q.Now)));
        r.Post("/alarms/{id}/acknowledge", "alarm:handle", "alarm.acknowledge", Acknowledge);
        r.Post("/alarms/{id}/silence", "alarm:handle", "alarm.silence", Silence);
    }

    private Answer Body(AlarmRow row, long now) => Answer.Ok(new JsonObject { ["alarm"] = AlarmWire.Of(row, kinds, now) });

    private async Task<AlarmRow> Find(Query q, Call call)
    {
        var id = call["id"];
        return await (await sight.Alarms(q, call.Actor)).SingleOrDefaultAsync(a => a.Id == id) ?? throw CloudError.NotFound($"There is no alarm {id}.");
    }

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var (rows, page) = (await sight.Alarms(q, call.Actor), call.Page());
        if (call.QueryOr("state") is { } state) rows = state == "uncleared" ? rows.Where(a => a.ClearedAt == null) : AlarmWire.In(rows, OneOf("state", state, AlarmWire.States), q.Now);
        if (call.QueryOr("severity") is { } severity)
        {
            var number = (long)Array.IndexOf(AlarmWire.Severities, OneOf("severity", severity, AlarmWire.Severities));
            rows = rows.Where(a => a.Severity == number);
        }
        if (call.QueryOr("kind") is { } kind) rows = rows.Where(a => a.Kind == kind);
        if (call.QueryOr("object_id") is { } about) rows = rows.Where(a => a.ObjectId == about);
        if (call.QueryOr("project_id") is { } project) rows = rows.Where(a => a.ProjectId == project);
        if (call.QueryOr("domain_id") is { } domain) rows = rows.Where(a => a.DomainId == domain);
        if (Moment(call, "since") is { } since) rows = rows.Where(a => a.ClearedAt == null || a.ClearedAt >= since);
        SortKey[] sort = OneOf("sort", call.QueryOr("sort") ?? "-raised", "-raised", "-severity") == "-severity" ? [new SortKey(nameof(AlarmRow.Severity), true), new SortKey("Id", true)] : [new SortKey("Id", true)];
        var mark = page.Marker is { } m ? await rows.SingleOrDefaultAsync(a => a.Id == m) ?? throw CloudError.Invalid($"The marker {m} names no alarm of this list.") : null;
        var slice = await rows.Paged(sort, page, mark);
        return Answer.Ok(new JsonObject { ["alarms"] = new JsonArray([.. slice.Rows.Select(a => AlarmWire.Of(a, kinds, q.Now))]), ["next"] = slice.More ? call.NextLink(slice.Rows[^1].Id) : null });
    });

    /// <summary>How many are open and wait for somebody, by severity.</summary>
    private Task<Answer> Count(Call call) => database.Read(async q =>
    {
        var counts = await AlarmWire.In(await sight.Alarms(q, call.Actor), "open", q.Now).GroupBy(a => a.Severity).Select(g => new { g.Key, Count = g.Count() }).ToListAsync();
        return Answer.Ok(new JsonObject { ["counts"] = new JsonObject(AlarmWire.Severities.Reverse().Select(s => KeyValuePair.Create(s, (JsonNode?)(counts.SingleOrDefault(c => AlarmWire.Severities[c.Key] == s)?.Count ?? 0)))) });
    });

    private Task<Answer> Acknowledge(Call call) => Change(call, async (tx, row) =>
    {
        var body = await call.Body("acknowledgement");
        var note = body.TextOr("note", 0, 2000);
        body.Done();
        var (who, name) = (tx.Actor.UserId, tx.Actor.UserName);
        return (rows => rows.ExecuteUpdateAsync(s => s.SetProperty(a => a.AcknowledgedAt, tx.Now).SetProperty(a => a.AcknowledgedBy, who).SetProperty(a => a.AcknowledgedName, name).SetProperty(a => a.Note, note)), new { row.Kind, row.Key, note });
    });

    /// <summary>An until that has passed ends the silence.</summary>
    private Task<Answer> Silence(Call call) => Change(call, async (tx, row) =>
    {
        var body = await call.Body("silence");
        var (text, note) = (body.Text("until", 1, 40), body.TextOr("note", 0, 2000));
        body.Done();
        var until = At("silence.until", text);
        if (until > tx.Now + LongestSilence) throw CloudError.Invalid("An alarm can be silenced for 31 days at most; what needs no attention for longer is a limit to be changed.");
        var who = tx.Actor.UserId;
        return (rows => rows.ExecuteUpdateAsync(s => s.SetProperty(a => a.SilencedUntil, until).SetProperty(a => a.SilencedBy, who).SetProperty(a => a.Note, a => note ?? a.Note)), new { row.Kind, row.Key, until = Clock.Seconds(until), note });
    });

    private Task<Answer> Change(Call call, Func<Tx, AlarmRow, Task<(Func<IQueryable<AlarmRow>, Task<int>> Change, object Detail)>> how) => database.Write(call.Actor, async tx =>
    {
        var row = await Find(tx, call);
        var (change, detail) = await how(tx, row);
        if (await change(tx.Db<OperationsDb>().Alarms.Where(a => a.Id == row.Id && a.ClearedAt == null)) == 0) throw CloudError.Conflict("The alarm is over already; there is nothing left to do about it.");
        tx.Audit(call.Verb, "alarm", row.Id, row.ProjectId, detail);
        return Body(await tx.Db<OperationsDb>().Alarms.SingleAsync(a => a.Id == row.Id), tx.Now);
    });

    private static string OneOf(string name, string value, params string[] words) =>
        words.Contains(value) ? value : throw CloudError.Invalid($"Invalid input for query parameter {name}. Value: {value}. It must be one of: {string.Join(", ", words)}.");

    private static long? Moment(Call call, string name) => call.QueryOr(name) is { } text ? At(name, text) : null;

    private static long At(string name, string text) => DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var at) ? at.ToUnixTimeMilliseconds()
        : throw CloudError.Invalid($"Invalid input for {name}. Value: {text}. It must be a moment such as 2026-01-02T03:04:05Z.");
}
