using System.Text.Json.Nodes;
using System.Threading.Channels;
using Xiangyun.Kernel;
using static Xiangyun.Engines.Ovn.OvsdbOperation;

namespace Xiangyun.Engines.Ovn;

/// <summary>
/// OVN's northbound database, as rows that belong to owners of ours (<c>port:ID</c>). <see cref="Ensure"/> makes the rows
/// of one owner exactly what is wanted in one transaction: it looks, adds what is missing, changes what differs and
/// removes the rest; when nothing differs it writes nothing.
/// </summary>
public sealed class Northbound(string endpoints) : IAsyncDisposable
{
    private readonly Ovsdb _db = new(endpoints, "OVN_Northbound");

    /// <returns>false when everything was as wanted already.</returns>
    public async Task<bool> Ensure(string owner, IReadOnlyCollection<string> tables, IReadOnlyList<NbRow> wanted, CancellationToken ct)
    {
        var world = await NbWorld.Look(_db, owner, tables, wanted, ct);
        var operations = NbChange.Between(owner, world, wanted);
        if (operations.Count == 0) return false;
        await _db.Transact(operations, ct);
        return true;
    }

    public Task EnsureGone(string owner, IReadOnlyCollection<string> tables, CancellationToken ct) => Ensure(owner, tables, [], ct);

    public async Task<bool> Look(string owner, IReadOnlyCollection<string> tables, CancellationToken ct)
    {
        var answer = await _db.Transact([.. tables.Select(t => Select(t, NbWorld.OwnedBy(owner), "_uuid"))], ct);
        return answer.Any(a => a!["rows"]!.AsArray().Count > 0);
    }

    /// <summary>Every owner that has rows of ours.</summary>
    public async Task<IReadOnlyList<string>> Owners(CancellationToken ct)
    {
        var answer = await _db.Transact([.. NbTables.Holders.Keys.Select(t => Select(t, All(), "external_ids"))], ct);
        return [.. answer.SelectMany(a => a!["rows"]!.AsArray()).Select(r => OvsdbValue.At(r!["external_ids"], NbTables.Owner)).OfType<string>().Distinct()];
    }

    /// <summary>Waits until every hypervisor has what was written before, or the time is over.</summary>
    public async Task<bool> Settled(TimeSpan atMost, CancellationToken ct)
    {
        var answer = await _db.Transact([Mutate("NB_Global", All(), "nb_cfg", "+=", 1), Select("NB_Global", All(), "nb_cfg")], ct);
        var wanted = (long)answer[1]!["rows"]![0]!["nb_cfg"]!;
        var done = new TaskCompletionSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        stop.CancelAfter(atMost);
        var watch = _db.Monitor(new JsonObject { ["NB_Global"] = Columns("hv_cfg") }, tables =>
        {
            foreach (var (_, row) in tables["NB_Global"]?.AsObject() ?? [])
                if (row!["new"]?["hv_cfg"] is { } seen && (long)seen >= wanted) done.TrySetResult();
        }, stop.Token);
        await Task.WhenAny(done.Task, watch);
        await stop.CancelAsync();
        await watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return done.Task.IsCompletedSuccessfully;
    }

    /// <summary>
    /// Whether each switch port is up, by name. The first batch has every port, later ones what changed. Ends with an
    /// <see cref="EngineFault"/> when the connection is lost: look anew.
    /// </summary>
    public async IAsyncEnumerable<IReadOnlyList<(string Name, bool Up)>> Ports([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var batches = Channel.CreateUnbounded<IReadOnlyList<(string, bool)>>(new UnboundedChannelOptions { SingleReader = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var watch = _db.Monitor(new JsonObject { ["Logical_Switch_Port"] = Columns("name", "up") }, tables => batches.Writer.TryWrite(Read(tables)), stop.Token);
        _ = watch.ContinueWith(ended => batches.Writer.TryComplete(ended.Exception?.InnerException), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            await foreach (var batch in batches.Reader.ReadAllAsync(ct)) yield return batch;
        }
        finally
        {
            await stop.CancelAsync();
            await watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static IReadOnlyList<(string, bool)> Read(JsonObject tables) =>
        [.. (tables["Logical_Switch_Port"]?.AsObject() ?? []).Select(row => row.Value!["new"]).OfType<JsonObject>()
            .Select(row => ((string)row["name"]!, OvsdbValue.Members(row["up"]).Any(up => (bool)up)))];

    private static JsonArray Columns(params string[] names) => [new JsonObject { ["columns"] = new JsonArray([.. names.Select(n => JsonValue.Create(n))]) }];

    public ValueTask DisposeAsync() => _db.DisposeAsync();
}
