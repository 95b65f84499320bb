using System.Text.Json.Nodes;

namespace Xiangyun.Replay.Ledger;

/// <summary>
/// Verifies a ledger: every VM is in one place at every moment, a host was on while somebody was there, and each number of the file is what the
/// recorded samples give when they are counted again.
/// </summary>
internal static class LedgerCheck
{
    private const double Tolerance = 1e-9;

    /// <returns>What is wrong; empty when all is right.</returns>
    public static IReadOnlyList<string> Of(IReadOnlyList<JsonObject> lines, Book book)
    {
        List<string> wrong = [.. Places(book)];
        if (wrong.Count > 0) return wrong; // what is counted from impossible places says nothing
        JsonNode?[] right = [.. LedgerLines.Of(book).Select(l => JsonNode.Parse(l.ToJsonString()))]; // numbers of one kind on both sides
        if (right.Length != lines.Count) wrong.Add($"{lines.Count} lines; counted again there are {right.Length}");
        for (var i = 0; i < Math.Min(right.Length, lines.Count); i++) Compare(lines[i], right[i], $"line {i + 1}", wrong);
        return wrong;
    }

    private static IEnumerable<string> Places(Book book)
    {
        var end = book.Days * (double)Span.DaySeconds;
        foreach (var host in book.Hosts)
        {
            if (host.On.Count == 0) yield return $"{host.Name} was never on";
            if (host.On.Any(s => s.From >= s.To || s.From < 0 || s.To > end || Span.DayOf(s.From) != Span.DayOf(s.To - 1e-6)) || host.On.Zip(host.On.Skip(1)).Any(p => p.Second.From < p.First.To)) yield return $"{host.Name}: its times of being on overlap or leave the day";
        }
        var stays = book.Hosts.SelectMany((h, n) => h.Stays.Select(s => s with { Host = n })).ToLookup(s => s.Vm);
        for (var vm = 0; vm < book.Trace.Vms.Length; vm++)
        {
            Stay? before = null;
            foreach (var stay in stays[vm].OrderBy(s => s.From))
            {
                if (before is { } b ? stay.From != b.To || stay.Start != b.Left || stay.Host == b.Host : stay.From != 0 || stay.Start != 0) yield return $"{book.Trace.Vms[vm].Name}: it comes to {book.Hosts[stay.Host].Name} at {stay.From} s, but was elsewhere until {before?.To ?? 0} s";
                if (stay.Start > stay.From || stay.From > stay.Left || stay.Left > stay.To) yield return $"{book.Trace.Vms[vm].Name}: its times on {book.Hosts[stay.Host].Name} are not in order";
                if (!book.Hosts[stay.Host].Covers(stay, book.Days)) yield return $"{book.Hosts[stay.Host].Name} was off while {book.Trace.Vms[vm].Name} was there";
                before = stay;
            }
            if (before?.To != end || before?.Left != end) yield return $"{book.Trace.Vms[vm].Name}: it is nowhere after {before?.To ?? 0} s";
        }
    }

    /// <summary>Counting begins five minutes after midnight; from then on the host must be on.</summary>
    private static bool Covers(this HostBook host, Stay stay, int days)
    {
        for (var day = Span.DayOf(stay.From); day <= Math.Min(Span.DayOf(stay.To), days - 1); day++)
        {
            var midnight = day * (double)Span.DaySeconds;
            var (from, to) = (Math.Max(stay.From, midnight + Traces.Trace.Seconds + 0.1), Math.Min(stay.To, midnight + Span.DaySeconds));
            if (from < to && !host.On.Any(s => s.From <= from + 1e-6 && s.To >= to - 1e-6)) return false;
        }
        return true;
    }

    private static void Compare(JsonNode? is_, JsonNode? should, string at, List<string> wrong)
    {
        switch (is_, should)
        {
            case (JsonObject a, JsonObject b):
                foreach (var name in a.Select(m => m.Key).Union(b.Select(m => m.Key))) Compare(a[name], b[name], $"{at}.{name}", wrong);
                break;
            case (JsonArray a, JsonArray b) when a.Count == b.Count:
                for (var i = 0; i < a.Count; i++) Compare(a[i], b[i], $"{at}[{i}]", wrong);
                break;
            default:
                if (!Same(is_, should)) wrong.Add($"{at} says {is_?.ToJsonString() ?? "nothing"}; counted again it is {should?.ToJsonString() ?? "nothing"}");
                break;
        }
    }

    private static bool Same(JsonNode? a, JsonNode? b)
    {
        if (a is not JsonValue x || b is not JsonValue y) return a is null && b is null;
        if (x.TryGetValue<double>(out var m) && y.TryGetValue<double>(out var n)) return Math.Abs(m - n) <= Tolerance * Math.Max(1, Math.Max(Math.Abs(m), Math.Abs(n)));
        return x.ToJsonString() == y.ToJsonString();
    }
}
