using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using static Xiangyun.Engines.Ovn.OvsdbOperation;

namespace Xiangyun.Engines.Ovn;

/// <summary>What the northbound database holds of one owner, and the rows that the wanted ones point at.</summary>
internal sealed class NbWorld
{
    private readonly Dictionary<(string Table, string Key), JsonObject> _owned = [];
    private readonly Dictionary<(string Table, string Key), string> _others = [];
    private readonly Dictionary<string, List<string>> _groupsOfPort = [];

    public IReadOnlyDictionary<(string Table, string Key), JsonObject> Owned => _owned;

    public static JsonArray OwnedBy(string owner) => Includes("external_ids", OvsdbValue.Map([KeyValuePair.Create(NbTables.Owner, owner)]));

    public static JsonArray WithKey(string key) => Includes("external_ids", OvsdbValue.Map([KeyValuePair.Create(NbTables.Id, key)]));

    public static string Uuid(JsonObject row) => (string)row["_uuid"]![1]!;

    /// <summary>Row id of another owner's row; it is a transient fault when it is not there yet, because its reconciler will make it.</summary>
    public string Other(string table, string key) => _others.TryGetValue((table, key), out var uuid) ? uuid
        : throw new EngineFault("ovn", "ensure", $"{table} {key} is not there yet", transient: true);

    public IReadOnlyList<string> GroupsOf(string portUuid) => _groupsOfPort.GetValueOrDefault(portUuid) ?? [];

    public static async Task<NbWorld> Look(Ovsdb db, string owner, IReadOnlyCollection<string> tables, IReadOnlyList<NbRow> wanted, CancellationToken ct)
    {
        var world = new NbWorld();
        var others = Pointed(wanted).ToList();
        var answer = await db.Transact(
        [
            .. tables.Select(t => Select(t, OwnedBy(owner), ["_uuid", "external_ids", .. wanted.Where(w => w.Table == t).SelectMany(w => w.Columns.Keys.Concat(w.References.Keys)).Distinct(), .. Holding(t)])),
            .. others.Select(o => Select(o.Table, WithKey(o.Key), "_uuid")),
        ], ct);
        var index = 0;
        foreach (var table in tables)
            foreach (var row in answer[index++]!["rows"]!.AsArray())
                world._owned[(table, OvsdbValue.At(row!["external_ids"], NbTables.Id) ?? Uuid(row.AsObject()))] = row.AsObject();
        foreach (var other in others)
            if (answer[index++]!["rows"]!.AsArray() is [{ } row, ..]) world._others[other] = Uuid(row.AsObject());
        await world.LookAtGroups(db, wanted, ct);
        return world;
    }

    /// <summary>Columns that hold other rows, needed to see whether a row is still held.</summary>
    private static IEnumerable<string> Holding(string table) => NbTables.Holders.Values.Where(h => h?.Table == table).Select(h => h!.Value.Column);

    private static IEnumerable<(string Table, string Key)> Pointed(IReadOnlyList<NbRow> wanted)
    {
        var own = wanted.Select(w => (w.Table, w.Key)).ToHashSet();
        var parents = wanted.Where(w => w.Parent is not null).Select(w => (NbTables.Holders[w.Table]!.Value.Table, w.Parent!));
        var groups = wanted.SelectMany(w => w.Groups ?? []).Select(g => ("Port_Group", g));
        return parents.Concat(wanted.SelectMany(w => w.References.Values)).Concat(groups).Where(o => !own.Contains(o)).Distinct();
    }

    private async Task LookAtGroups(Ovsdb db, IReadOnlyList<NbRow> wanted, CancellationToken ct)
    {
        var ports = wanted.Where(w => w.Groups is not null && _owned.ContainsKey((w.Table, w.Key))).Select(w => Uuid(_owned[(w.Table, w.Key)])).ToList();
        if (ports.Count == 0) return;
        var answer = await db.Transact([.. ports.Select(p => Select("Port_Group", Includes("ports", OvsdbValue.Uuid(p)), "_uuid"))], ct);
        for (var i = 0; i < ports.Count; i++) _groupsOfPort[ports[i]] = [.. answer[i]!["rows"]!.AsArray().Select(r => Uuid(r!.AsObject()))];
    }
}
