using System.Reflection;
using System.Text.Json.Nodes;

namespace Xiangyun.Store.Audit;

/// <summary>
/// What an object looked like before a transaction and after it. Before is read on a connection of its own: it sees only
/// what is committed, and of a row that this transaction changed that is exactly what was there, because the transaction
/// holds it. So no writer has to remember to tell it. Which tables make up an object, schema/portraits.txt says.
/// </summary>
internal static class Portraits
{
    private const int MostRows = 500;
    private static readonly HashSet<string> Noise = ["generation", "observed_generation", "seen_generation", "updated_at"];
    private static readonly Dictionary<string, (string Table, string Key, bool One)[]> Kinds = Load();

    public static IEnumerable<string> Known => Kinds.Keys;

    public static IReadOnlyList<(string Kind, string Id)> Wanted(IEnumerable<AuditRow> rows) =>
        [.. rows.Where(r => Kinds.ContainsKey(r.Kind) && r.ResourceId.Length > 0).Select(r => (r.Kind, r.ResourceId)).Distinct()];

    /// <summary>All wanted objects in one round trip.</summary>
    public static async Task<Dictionary<(string Kind, string Id), Portrait>> Read(Query q, IReadOnlyList<(string Kind, string Id)> wanted)
    {
        var made = wanted.ToDictionary(w => w, _ => new Portrait());
        foreach (var chunk in wanted.Chunk(100))
        {
            var parts = (from kind in chunk.GroupBy(w => w.Kind) from source in Kinds[kind.Key] select (kind.Key, source.Table, source.Key, Ids: kind.Select(w => w.Id).ToList())).ToList();
            var values = chunk.Select((w, i) => ($"@i{i}", (object?)w.Id)).ToArray();
            var names = chunk.Select((w, i) => (w, i)).ToLookup(p => p.w.Kind, p => $"@i{p.i}");
            var sql = string.Join(";\n", parts.Select(p => $"SELECT {p.Item3} AS portrait_of, {p.Table}.* FROM {p.Table} WHERE {p.Item3} IN ({string.Join(", ", names[p.Item1])})"));
            await using var command = q.Command(sql, values);
            await using var reader = await command.ExecuteReaderAsync();
            foreach (var (kind, table, key, _) in parts)
            {
                while (await reader.ReadAsync()) made[(kind, reader.GetString(0))].Add(table, Row(reader, key));
                await reader.NextResultAsync();
            }
        }
        return made;
    }

    private static JsonObject Row(System.Data.Common.DbDataReader reader, string key)
    {
        var row = new JsonObject();
        for (var i = 1; i < reader.FieldCount; i++)
        {
            var name = reader.GetName(i);
            if (name == key || Noise.Contains(name) || reader.IsDBNull(i) || reader.GetValue(i) is "") continue;
            row[name] = Secrets.Value(name, reader.GetValue(i));
        }
        return row;
    }

    /// <summary>What differs, as the two texts of a row: of the first table its columns, of the others their rows.</summary>
    public static (string? Was, string? Became) Difference(string kind, Portrait before, Portrait after)
    {
        var (was, became) = (new JsonObject(), new JsonObject());
        foreach (var (table, _, one) in Kinds[kind])
        {
            var (old, now) = (before.Of(table), after.Of(table));
            if (one) Columns(old.FirstOrDefault(), now.FirstOrDefault(), was, became);
            else if (old.Count < MostRows && now.Count < MostRows) Rows(table, old, now, was, became);
        }
        return (was.Count == 0 ? null : Secrets.Text(was), became.Count == 0 ? null : Secrets.Text(became));
    }

    private static void Columns(JsonObject? old, JsonObject? now, JsonObject was, JsonObject became)
    {
        foreach (var (name, value) in old ?? [])
            if (now is null || !now.ContainsKey(name) || !JsonNode.DeepEquals(value, now[name])) (was[name], became[name]) = (value?.DeepClone(), now?[name]?.DeepClone());
        foreach (var (name, value) in now ?? [])
            if (old?.ContainsKey(name) != true) became[name] = value?.DeepClone();
        if (now is null) became.Clear();
    }

    private static void Rows(string table, IReadOnlyList<JsonObject> old, IReadOnlyList<JsonObject> now, JsonObject was, JsonObject became)
    {
        var (before, after) = (old.Select(Secrets.Text).ToHashSet(), now.Select(Secrets.Text).ToHashSet());
        if (before.Except(after).Select(t => JsonNode.Parse(t)).ToArray() is { Length: > 0 } gone) was[table] = new JsonArray(gone);
        if (after.Except(before).Select(t => JsonNode.Parse(t)).ToArray() is { Length: > 0 } come) became[table] = new JsonArray(come);
    }

    private static Dictionary<string, (string, string, bool)[]> Load()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("portraits.txt")!);
        return reader.ReadToEnd().Split('\n').Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(w => w[0], w => w[1..].Select((t, i) => (t.Split('.')[0], t.Split('.')[^1], i == 0)).Where(s => s.Item1 != "-").ToArray());
    }
}

/// <summary>The rows that make up one object at one moment, by table.</summary>
internal sealed class Portrait
{
    private readonly Dictionary<string, List<JsonObject>> _rows = [];

    public void Add(string table, JsonObject row)
    {
        if (!_rows.TryGetValue(table, out var rows)) _rows[table] = rows = [];
        rows.Add(row);
    }

    public IReadOnlyList<JsonObject> Of(string table) => _rows.GetValueOrDefault(table) ?? [];
}
