using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Consolidation.Policies;

/// <summary>Weekly hours in which moves may begin. `To` before `From` runs into the next day; equal is the whole day. Pure.</summary>
/// <param name="Days">mon .. sun, the days on which it begins; none = every day.</param>
internal sealed record Window(IReadOnlyList<string> Days, string From, string To)
{
    private static readonly string[] Names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    public static Window Read(Fields f)
    {
        var window = new Window(f.TextsOr("days", 3) ?? [], f.Text("from", 5, 5), f.Text("to", 5, 5));
        f.Done();
        if (window.Days.FirstOrDefault(d => !Names.Contains(d)) is { } day) throw CloudError.Invalid($"Invalid input for field/attribute {f.At("days")}. Value: {day}. It must be one of: {string.Join(", ", Names)}.");
        foreach (var (name, text) in new[] { ("from", window.From), ("to", window.To) })
            if (!TimeOnly.TryParseExact(text, "HH:mm", out _)) throw CloudError.Invalid($"Invalid input for field/attribute {f.At(name)}. Value: {text}. It must be a time of day such as 22:30.");
        return window;
    }

    public bool Covers(DateTimeOffset local)
    {
        var (from, to, now) = (TimeOnly.ParseExact(From, "HH:mm"), TimeOnly.ParseExact(To, "HH:mm"), TimeOnly.FromTimeSpan(local.TimeOfDay));
        if (from < to) return On(local) && now >= from && now < to;
        return On(local) && now >= from || On(local.AddDays(-1)) && now < to;
    }

    private bool On(DateTimeOffset day) => Days.Count == 0 || Days.Contains(Names[((int)day.DayOfWeek + 6) % 7]);

    public static bool Open(Policy policy, DateTimeOffset now) => policy.Windows.Count == 0 || policy.Windows.Any(w => w.Covers(TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(policy.TimeZone))));
}
