using System.Text.RegularExpressions;
using Xiangyun.Client.Records;
using Xiangyun.Console.Kit;
using Xiangyun.Console.Shell;

namespace Xiangyun.Console.Pages.Operations;

/// <summary>Alarms and tasks in the reader's words, and the page where their object is looked at.</summary>
internal static partial class Telling
{
    public static string Say(Words w, Alarm a) => Words.All.ContainsKey("alarm_says." + a.Kind) ? Brace().Replace(w["alarm_says." + a.Kind], m => Value(w, m.Groups[1].Value, a.Values.GetValueOrDefault(m.Groups[1].Value, "—"))) : a.Message;

    private static string Value(Words w, string name, string value) => name switch { "resource" or "wanted" => w.Value(name, value), _ => value };

    public static string Tone(string severity) => severity switch { "critical" or "major" => "bad", "minor" => "busy", _ => "accent" };

    public static string? Page(string kind, string id) => kind switch
    {
        "host" => "/hosts/" + id, "server" => "/servers/" + id, "request" => "/approvals/" + id, "organisation" => "/organisations?id=" + id, "image" => "/images?f.name=", "volume" => "/volumes", "snapshot" => "/snapshots", "audit" => "/audit", _ => null,
    };

    public static string? Rate(LongTask t) => t.BytesPerSecond is { } rate && t.Open ? Numbers.Rate(rate) : null;

    /// <summary>How far, in one short line: bytes where they are counted, the stage else.</summary>
    public static string How(Words w, LongTask t)
    {
        var parts = new List<string>();
        if (t.Stage is { } stage) parts.Add(w.Value("stage", stage));
        if (t.BytesDone is { } done && t.Open) parts.Add(t.BytesTotal is { } total ? $"{Numbers.Size(done)} / {Numbers.Size(total)}" : Numbers.Size(done));
        if (Rate(t) is { } rate) parts.Add(rate);
        if (t.EtaSeconds is { } left && t.Open) parts.Add(w.Of("tasks.left", Span(left)));
        return string.Join(" · ", parts);
    }

    public static string Span(double seconds) => seconds < 60 ? $"{Math.Max(0, seconds):0} s" : seconds < 3600 ? $"{seconds / 60:0} min" : seconds < 86400 ? $"{Math.Floor(seconds / 3600):0} h {seconds % 3600 / 60:0} min" : $"{seconds / 86400:0} d";

    [GeneratedRegex(@"\{([a-z_]+)\}")]
    private static partial Regex Brace();
}
