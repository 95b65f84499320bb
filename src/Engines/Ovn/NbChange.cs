using System.Text.Json.Nodes;
using static Xiangyun.Engines.Ovn.OvsdbOperation;

namespace Xiangyun.Engines.Ovn;

/// <summary>The operations that turn what an owner has into what it wants; none when both are equal.</summary>
internal sealed class NbChange
{
    private readonly string _owner;
    private readonly NbWorld _world;
    private readonly List<JsonObject> _operations = [];
    private readonly Dictionary<(string Table, string Key), string> _made = [];

    private NbChange(string owner, NbWorld world) => (_owner, _world) = (owner, world);

    public static IReadOnlyList<JsonObject> Between(string owner, NbWorld world, IReadOnlyList<NbRow> wanted)
    {
        var change = new NbChange(owner, world);
        foreach (var row in wanted)
            if (world.Owned.TryGetValue((row.Table, row.Key), out var found)) change.Update(row, found);
            else change.Insert(row);
        var keep = wanted.Select(w => (w.Table, w.Key)).ToHashSet();
        foreach (var ((table, key), row) in world.Owned)
            if (!keep.Contains((table, key))) change.Remove(table, NbWorld.Uuid(row));
        return change._operations;
    }

    private void Insert(NbRow row)
    {
        var name = $"new{_made.Count}";
        _made[(row.Table, row.Key)] = name;
        _operations.Add(Nobody(row.Table, NbWorld.WithKey(row.Key)));
        _operations.Add(OvsdbOperation.Insert(row.Table, name, Columns(row)));
        if (row.Parent is not null) Hold(row, OvsdbValue.NewRow(name));
        foreach (var group in row.Groups ?? [])
            _operations.Add(Mutate("Port_Group", Is(Find("Port_Group", group)), "ports", "insert", Of(OvsdbValue.NewRow(name))));
    }

    private void Update(NbRow row, JsonObject found)
    {
        var uuid = NbWorld.Uuid(found);
        var columns = Columns(row);
        foreach (var name in columns.Select(c => c.Key).ToList())
            if (OvsdbValue.Canonical(columns[name]) == OvsdbValue.Canonical(found[name])) columns.Remove(name);
        if (columns.Count > 0) _operations.Add(OvsdbOperation.Update(row.Table, Is(OvsdbValue.Uuid(uuid)), columns));
        if (row.Groups is null) return;
        var wanted = row.Groups.Select(g => _world.Other("Port_Group", g)).ToList();
        foreach (var group in wanted.Except(_world.GroupsOf(uuid))) _operations.Add(Mutate("Port_Group", Is(OvsdbValue.Uuid(group)), "ports", "insert", Of(OvsdbValue.Uuid(uuid))));
        foreach (var group in _world.GroupsOf(uuid).Except(wanted)) _operations.Add(Mutate("Port_Group", Is(OvsdbValue.Uuid(group)), "ports", "delete", Of(OvsdbValue.Uuid(uuid))));
    }

    private void Hold(NbRow row, JsonNode uuid)
    {
        var (table, column) = NbTables.Holders[row.Table]!.Value;
        _operations.Add(Mutate(table, Is(Find(table, row.Parent!)), column, "insert", Of(uuid)));
    }

    /// <summary>Rows that live inside another are let go by their holder, and are gone with that; the others are deleted.</summary>
    private void Remove(string table, string uuid) => _operations.Add(!NbTables.Weak.Contains(table) && NbTables.Holders[table] is var (holder, column)
        ? Mutate(holder, Includes(column, OvsdbValue.Uuid(uuid)), column, "delete", Of(OvsdbValue.Uuid(uuid)))
        : Delete(table, Is(OvsdbValue.Uuid(uuid))));

    private JsonNode Find(string table, string key) => _made.TryGetValue((table, key), out var name) ? OvsdbValue.NewRow(name)
        : OvsdbValue.Uuid(_world.Owned.TryGetValue((table, key), out var owned) ? NbWorld.Uuid(owned) : _world.Other(table, key));

    private JsonObject Columns(NbRow row)
    {
        var columns = new JsonObject(row.Columns.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value.DeepClone())));
        foreach (var (column, to) in row.References) columns[column] = Find(to.Table, to.Key);
        columns["external_ids"] = OvsdbValue.Map([KeyValuePair.Create(NbTables.Id, row.Key), KeyValuePair.Create(NbTables.Owner, _owner)]);
        return columns;
    }

    private static JsonNode Of(JsonNode uuid) => OvsdbValue.Set([uuid]);
}
