using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xiangyun.Kernel;

namespace Xiangyun.Screen;

/// <summary>
/// Keeps the newest snapshot and wakes those who wait for it. However many watch, it is made once; while nobody does, only once a minute,
/// for the curve. What cannot be gathered is not shown: the numbers age, and the screen says so.
/// </summary>
internal sealed class Board(Gathering gathering, TimeProvider clock, ILogger<Board> log) : BackgroundService
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(60);
    private const int Day = 86_400;
    private readonly Snapshot.Curve _use = new();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Snapshot? _newest;
    private int _watching;
    private long _number;
    private long _restedAt;

    public Snapshot? Newest => _newest;

    public Task Next => Volatile.Read(ref _next).Task;

    public int Watching => Volatile.Read(ref _watching);

    public IDisposable Watch() => new Seat(this);

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(Gathering.Period), clock);
        do
        {
            if (Watching == 0 && clock.GetElapsedTime(_restedAt) < Rest && _newest is not null) continue;
            try
            {
                await Tick(stop);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.NotGathered(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stop));
    }

    internal async Task Tick(CancellationToken stop)
    {
        var body = await gathering.Make(stop);
        var now = clock.Ms();
        if (body["figures"]?["hosts.cpu_percent"] is { } use) _use.Add((long)use["as_of"]!, (double)use["value"]!, (double)(body["figures"]!["hosts.in_use"]?["value"] ?? 0.0));
        if (_use.First is { } first) body["figures"]!["hosts.cpu_percent_first"] = new JsonObject { ["value"] = Math.Round(first.Value, 2), ["unit"] = "% where the curve begins", ["as_of"] = first.At, ["period_s"] = Day, ["evidence"] = "/hosts" };
        (body["number"], body["now"], body["curve"]) = (++_number, now, _use.Wire());
        _newest = new Snapshot(_number, now, JsonSerializer.SerializeToUtf8Bytes<JsonObject>(body));
        _restedAt = clock.GetTimestamp();
        Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    private sealed class Seat : IDisposable
    {
        private readonly Board _board;
        private int _left;

        public Seat(Board board) => Interlocked.Increment(ref (_board = board)._watching);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) Interlocked.Decrement(ref _board._watching);
        }
    }
}
