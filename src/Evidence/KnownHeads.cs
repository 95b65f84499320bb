using System.Text;
using System.Text.Json;

namespace Xiangyun.Evidence;

/// <summary>
/// Heads that an auditor took down earlier. Whoever holds the key could sign another history; what an auditor already has
/// in hand, nobody can change.
/// </summary>
internal sealed class KnownHeads
{
    private readonly Dictionary<long, string> _hashes = [];

    /// <exception cref="FormatException">A line is no head.</exception>
    public static KnownHeads Read(IEnumerable<string> lines)
    {
        var known = new KnownHeads();
        foreach (var line in lines.Where(l => l.Trim().Length > 0))
        {
            try
            {
                using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(line));
                var statement = document.RootElement.GetProperty("statement");
                if (statement.Text("type") == Statement.Head) known._hashes[statement.Number("seq")] = statement.Text("hash");
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                throw new FormatException("the file of kept heads has a line that is no head", e);
            }
        }
        return known;
    }

    public bool Contradicts(long seq, string hash) => _hashes.TryGetValue(seq, out var known) && known != hash;

    /// <summary>A kept head after the last record, if there is one.</summary>
    public long? Beyond(long last) => _hashes.Keys.Where(k => k > last).Select(k => (long?)k).Max();
}
