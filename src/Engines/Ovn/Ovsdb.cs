using System.Text.Json.Nodes;
using Xiangyun.Kernel;

namespace Xiangyun.Engines.Ovn;

/// <summary>
/// A client of one OVSDB database that connects when it is needed and again after the connection was lost. Several
/// endpoints separated by commas are tried in turn.
/// </summary>
public sealed class Ovsdb(string endpoints, string database) : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private OvsdbConnection? _connection;

    /// <summary>Runs operations as one transaction; all or none. The answer has one element for each operation.</summary>
    public async Task<JsonArray> Transact(IReadOnlyList<JsonObject> operations, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Limit);
        try
        {
            var connection = await Connected(limit.Token);
            var answer = await connection.Call("transact", [database, .. operations.Select(o => (JsonNode)o)], limit.Token);
            return Checked(answer!.AsArray(), operations);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new EngineFault("ovsdb", "transact", $"no answer within {Limit.TotalSeconds} s", transient: true, cause: e);
        }
    }

    /// <summary>Errors stand inside the result: at the operation that failed, or after the last one when the commit failed.</summary>
    private static JsonArray Checked(JsonArray answer, IReadOnlyList<JsonObject> operations)
    {
        for (var i = 0; i < answer.Count; i++)
        {
            if (answer[i] is not JsonObject element || (string?)element["error"] is not { } error) continue;
            var what = i < operations.Count ? $"{operations[i]["op"]} {operations[i]["table"]}" : "commit";
            throw new EngineFault("ovsdb", "transact", $"{what}: {error} {element["details"]}".TrimEnd(), transient: error is "timed out" or "not leader" or "resources exhausted");
        }
        return answer;
    }

    /// <summary>
    /// Monitors columns on a connection of its own until it is lost (EngineFault) or <paramref name="ct"/> ends. The first
    /// call of <paramref name="seen"/> has every row, later ones what changed: table, row id, old and new columns.
    /// </summary>
    public async Task Monitor(JsonObject tables, Action<JsonObject> seen, CancellationToken ct)
    {
        await using var connection = new OvsdbConnection(await OpenAny(ct), update => seen(update[1]!.AsObject()));
        var first = await connection.Call("monitor", [database, "xiangyun", tables], ct);
        seen(first!.AsObject());
        await connection.Closed.WaitAsync(ct);
        throw new EngineFault("ovsdb", "monitor", "the connection is closed", transient: true);
    }

    private async Task<OvsdbConnection> Connected(CancellationToken ct)
    {
        if (_connection is { Closed.IsCompleted: false } ready) return ready;
        await _connecting.WaitAsync(ct);
        try
        {
            if (_connection is { Closed.IsCompleted: false } meanwhile) return meanwhile;
            if (_connection is { } lost) await lost.DisposeAsync();
            return _connection = new OvsdbConnection(await OpenAny(ct), _ => { });
        }
        finally
        {
            _connecting.Release();
        }
    }

    private async Task<Stream> OpenAny(CancellationToken ct)
    {
        EngineFault? last = null;
        foreach (var endpoint in endpoints.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                return await OvsdbSocket.Open(endpoint, ct);
            }
            catch (EngineFault e)
            {
                last = e;
            }
        }
        throw last ?? new EngineFault("ovsdb", "connect", "no endpoint is configured", transient: false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection) await connection.DisposeAsync();
    }
}
