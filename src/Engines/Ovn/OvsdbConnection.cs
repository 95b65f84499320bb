using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xiangyun.Kernel;

namespace Xiangyun.Engines.Ovn;

/// <summary>
/// One JSON-RPC connection to an OVSDB server (RFC 7047). Messages have no delimiter, so the end of one is where its
/// JSON ends. The server's echo requests are answered, or it would hang up.
/// </summary>
internal sealed class OvsdbConnection : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly PipeReader _reader;
    private readonly Action<JsonArray> _updates;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonNode?>> _waiting = new();
    private readonly Task _reading;
    private long _lastId;

    /// <param name="updates">Gets the parameters of each monitor update, in order, on the reading task: be quick.</param>
    public OvsdbConnection(Stream stream, Action<JsonArray> updates)
    {
        _stream = stream;
        _reader = PipeReader.Create(stream);
        _updates = updates;
        _reading = Read();
    }

    /// <summary>Ends when the connection is of no use any more.</summary>
    public Task Closed => _reading;

    public async Task<JsonNode?> Call(string method, JsonArray parameters, CancellationToken ct)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = new TaskCompletionSource<JsonNode?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = answer;
        try
        {
            if (_reading.IsCompleted) throw Lost(null);
            await Send(new JsonObject { ["method"] = method, ["params"] = parameters, ["id"] = id }, ct);
            return await answer.Task.WaitAsync(ct);
        }
        catch (IOException e)
        {
            throw Lost(e);
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    private async Task Send(JsonObject message, CancellationToken ct)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(message);
        await _writing.WaitAsync(ct);
        try
        {
            await _stream.WriteAsync(bytes, CancellationToken.None); // half a message would ruin the connection
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task Read()
    {
        Exception? why = null;
        try
        {
            while (true)
            {
                var result = await _reader.ReadAsync();
                var buffer = result.Buffer;
                while (TryTake(ref buffer, out var message)) await Handle(message);
                _reader.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted) break;
            }
        }
        catch (Exception e) when (e is IOException or JsonException or ObjectDisposedException)
        {
            why = e;
        }
        foreach (var waiting in _waiting.Values) waiting.TrySetException(Lost(why));
    }

    private static bool TryTake(ref ReadOnlySequence<byte> buffer, out JsonObject message)
    {
        message = null!;
        if (buffer.IsEmpty) return false;
        var reader = new Utf8JsonReader(buffer, isFinalBlock: false, default);
        if (!JsonDocument.TryParseValue(ref reader, out var document)) return false;
        using (document) message = JsonObject.Create(document.RootElement.Clone())!;
        buffer = buffer.Slice(reader.BytesConsumed);
        return true;
    }

    private async Task Handle(JsonObject message)
    {
        if ((string?)message["method"] is { } method)
        {
            if (method == "echo") await Send(new JsonObject { ["result"] = message["params"]?.DeepClone(), ["error"] = null, ["id"] = message["id"]?.DeepClone() }, CancellationToken.None);
            else if (method == "update") _updates(message["params"]!.AsArray());
            return;
        }
        if (message["id"] is not JsonValue value || !value.TryGetValue<long>(out var id) || !_waiting.TryRemove(id, out var waiting)) return;
        if (message["error"] is { } error) waiting.TrySetException(new EngineFault("ovsdb", "call", error.ToJsonString(), transient: false));
        else waiting.TrySetResult(message["result"]);
    }

    private static EngineFault Lost(Exception? why) => new("ovsdb", "call", $"the connection is closed{(why is null ? "" : ": " + why.Message)}", transient: true, cause: why);

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        await _reading;
    }
}
