using System.Text.Json;
using System.Text.RegularExpressions;
using Xiangyun.Store.Alarms;

namespace Xiangyun.Operations.Alarms;

/// <summary>Every kind of alarm that some module tells, with its message and limits.</summary>
internal sealed partial class Kinds(IEnumerable<IAlarmSource> sources)
{
    private readonly Dictionary<string, AlarmKind> _all = sources.SelectMany(s => s.Kinds).ToDictionary(k => k.Name);

    public IReadOnlyDictionary<string, AlarmKind> All => _all;

    public IEnumerable<AlarmLimit> Limits => _all.Values.SelectMany(k => k.Limits).OrderBy(l => l.Name, StringComparer.Ordinal);

    /// <summary>The message in English; a kind that no module tells any more has its name.</summary>
    public string Message(AlarmRow row)
    {
        var values = Values(row);
        return _all.TryGetValue(row.Kind, out var kind) ? Brace().Replace(kind.English, m => values.GetValueOrDefault(m.Groups[1].Value, "?")) : row.Kind;
    }

    public static Dictionary<string, string> Values(AlarmRow row) => JsonSerializer.Deserialize<Dictionary<string, string>>(row.MessageValues)!;

    [GeneratedRegex(@"\{([a-z_]+)\}")]
    public static partial Regex Brace();
}
