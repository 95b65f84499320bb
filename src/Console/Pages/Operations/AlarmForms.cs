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
        foreach (var alarm in alarms) await api.Do(HttpMethod.Post, "xiangyun", $"/alarms/{alarm.Id}/acknowledge", new { acknowledgement = new { note = f["note"] } });
    });

    public static Form Silence(Words w, Api api, Alarm alarm) => new(w["alarms.silence"], [new("hours", w["alarms.hours"]) { Kind = "number", Value = "4", Min = 1, Required = true }, new("note", w["alarms.note"]) { Kind = "textarea" }],
        f => SilenceUntil(api, alarm.Id, TimeProvider.System.GetUtcNow().AddHours(int.Parse(f["hours"], System.Globalization.CultureInfo.InvariantCulture)), f["note"]));

    public static Task SilenceUntil(Api api, string id, DateTimeOffset until, string? note = null) => api.Do(HttpMethod.Post, "xiangyun", $"/alarms/{id}/silence", new { silence = new { until = until.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ"), note = string.IsNullOrEmpty(note) ? null : note } });
}
