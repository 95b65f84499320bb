using Xiangyun.Client;
using Xiangyun.Client.Records;
using Xiangyun.Console.Kit;
using Xiangyun.Console.Shell;

namespace Xiangyun.Console.Pages.Operations;

/// <summary>What is asked for before an alarm is acknowledged or silenced.</summary>
internal static class AlarmForms
{
    public static Form Acknowledge(Words w, Api api, IReadOnlyList<Alarm> alarms) => new(w["alarms.acknowledge"], [new("note", w["alarms.note"]) { Kind = "textarea" }], async f =>
    {
        foreach (var alarm in alarms) await api.Do(HttpMethod.Post, "xiangyun", $"/alarms/{alarm.Id}/acknowledge", Taken(f["note"]));
    }, f => string.Join('\n', alarms.Select(a => Cli.Curl("POST", $"/alarms/{a.Id}/acknowledge", Taken(f["note"])))));

    public static Form Silence(Words w, Api api, Alarm alarm) => new(w["alarms.silence"], [new("hours", w["alarms.hours"]) { Kind = "number", Value = "4", Min = 1, Required = true }, new("note", w["alarms.note"]) { Kind = "textarea" }],
        f => SilenceUntil(api, alarm.Id, After(f["hours"]), f["note"]), f => Cli.Curl("POST", $"/alarms/{alarm.Id}/silence", Quiet(After(f["hours"]), f["note"])));

    public static Task SilenceUntil(Api api, string id, DateTimeOffset until, string? note = null) => api.Do(HttpMethod.Post, "xiangyun", $"/alarms/{id}/silence", Quiet(until, note));

    private static DateTimeOffset After(string hours) => TimeProvider.System.GetUtcNow().AddHours(int.TryParse(hours, System.Globalization.CultureInfo.InvariantCulture, out var n) ? Math.Clamp(n, 0, 100_000) : 0);

    private static object Taken(string note) => new { acknowledgement = new { note } };

    private static object Quiet(DateTimeOffset until, string? note) => new { silence = new { until = until.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ"), note = string.IsNullOrEmpty(note) ? null : note } };
}
