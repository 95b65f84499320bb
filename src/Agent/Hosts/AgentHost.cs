using Microsoft.Extensions.Logging;
using Xiangyun.Agent.Applying;
using Xiangyun.Agent.Ledger;
using Xiangyun.Kernel;
using Xiangyun.Protocol;

namespace Xiangyun.Agent.Hosts;

/// <summary>
/// One host: takes plans, drives the turns, sweeps. At start it applies the ledger before any server has called, so
/// that the guests come back without the control plane.
/// </summary>
internal sealed class AgentHost : IAsyncDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);
    private readonly Workplace _at;
    private readonly Turns _turns;
    private readonly Faults _faults = new();
    private readonly ServerTurn _servers;
    private readonly VolumeTurn _volumes;
    private readonly NetworkTurn _networks;
    private readonly Sweep _sweep;
    private readonly TimeSpan _period;
    private readonly SemaphoreSlim _storing = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private Task _life = Task.CompletedTask;

    /// <param name="period">Between two full passes; at least that often everything is looked at again.</param>
    public AgentHost(Workplace at, TimeSpan grace, TimeSpan period, int parallel)
    {
        _at = at;
        _period = period < grace || grace == TimeSpan.Zero ? period : grace;
        var material = new Material(at);
        _servers = new ServerTurn(at, material, new Stopping(at));
        _volumes = new VolumeTurn(at, material);
        _networks = new NetworkTurn(at);
        _sweep = new Sweep(at, grace);
        _turns = new Turns(at.Host, Turn, parallel, at.Clock, at.Log);
        at.Poke = _turns.Poke;
        if (at.Mains is { } mains) mains.Booted = () => { foreach (var key in at.Plan.Keys) _turns.Poke(key); };
    }

    public string Name => _at.Host;
    public required string Id { get; init; }
    public Workplace At => _at;

    public void Start()
    {
        _at.Ledger.Load();
        _at.Marks.Load();
        _life = Task.Run(Live);
    }

    /// <returns>null when it is stored; else why it was refused.</returns>
    public async Task<string?> Apply(HostPlan plan, CancellationToken ct)
    {
        if (plan.HostId != Id) return $"the plan is for host {plan.HostId}, this is {Id}";
        await _storing.WaitAsync(ct);
        try
        {
            var generation = plan.Generation;
            if (_at.Ledger.Store(plan, out var changed) is { } why)
            {
                _at.Log.PlanRefused(Name, generation, why);
                return why;
            }
            if (!_at.Simulated) _at.Log.PlanStored(Name, generation, changed.Count);
            foreach (var key in changed)
            {
                _faults.Forget(key);
                if (_surveyed) _turns.Poke(key);
            }
            return null;
        }
        finally
        {
            _storing.Release();
        }
    }

    /// <summary>What waited for the image goes on.</summary>
    public void ImageCame(string imageId)
    {
        foreach (var key in _at.Board.WaitingFor(imageId)) _turns.Poke(key);
    }

    private volatile bool _surveyed;

    private async Task Live()
    {
        try
        {
            while (!await Survey()) await Task.Delay(Retry, _at.Clock, _stop.Token);
            _at.Guests.Changed += OnChanged;
            _surveyed = true;
            using var beat = new PeriodicTimer(_period, _at.Clock);
            do
            {
                foreach (var key in _at.Plan.Keys) _turns.Poke(key);
                await SweepOnce();
            }
            while (await beat.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException) { } // the agent stops
        catch (Exception e)
        {
            _at.Log.Bug(Name, "host", e);
            throw;
        }
    }

    /// <summary>Looks at every guest before anything is done, so that no volume in use is taken for a free one.</summary>
    private async Task<bool> Survey()
    {
        try
        {
            foreach (var id in await _at.Guests.List(_stop.Token))
                if (await _at.Guests.Look(id, _stop.Token) is { } seen)
                    _at.Show(_at.Plan.Servers.GetValueOrDefault(id) ?? new ServerPlan { Id = id }, seen, _at.Marks.Find(id), "", null);
            return true;
        }
        catch (EngineFault e)
        {
            _at.Log.EnginesAway(Name, e.Message);
            return false;
        }
    }

    private async Task SweepOnce()
    {
        if (_at.Dead) return;
        try
        {
            await _sweep.Once(_stop.Token);
        }
        catch (EngineFault e)
        {
            _at.Log.SweepFailed(Name, e.Message);
        }
    }

    private void OnChanged(string serverId)
    {
        if (serverId.Length > 0) _turns.Poke(Key.Server(serverId));
        else foreach (var key in _at.Plan.Keys) _turns.Poke(key);
    }

    private async Task<TimeSpan?> Turn(Key key, CancellationToken ct)
    {
        if (_at.Dead) return null; // the end of its boot pokes every key
        try
        {
            var again = await Take(key, ct);
            _faults.Forget(key);
            return again;
        }
        catch (EngineFault e)
        {
            var (fault, wait, attempt) = _faults.Count(key, e);
            _at.Log.Fault(Name, key.ToString(), attempt, e.Message);
            await Report(key, fault, ct);
            return wait;
        }
    }

    private async Task<TimeSpan?> Take(Key key, CancellationToken ct)
    {
        var plan = _at.Plan;
        switch (key.Kind)
        {
            case Kind.Server when plan.Servers.TryGetValue(key.Id, out var server): return await _servers.Take(server, ct);
            case Kind.Volume when plan.Volumes.TryGetValue(key.Id, out var volume): return await _volumes.Take(volume, ct);
            case Kind.Network: return await _networks.Take(key.Id, plan.Networks.GetValueOrDefault(key.Id), ct);
            case Kind.Server when await _at.Guests.Look(key.Id, ct) is not null: return null; // an orphan: the sweep's business
            default:
                _at.Board.Drop(key);
                return null;
        }
    }

    private async Task Report(Key key, Fault fault, CancellationToken ct)
    {
        if (key.Kind == Kind.Server && _at.Plan.Servers.TryGetValue(key.Id, out var server))
            _at.Show(server, await LookOrNull(key.Id, ct), _at.Marks.Find(key.Id), fault.Verb, fault);
        if (key.Kind == Kind.Volume && _at.Plan.Volumes.TryGetValue(key.Id, out var volume))
            _at.Board.Set(new VolumeSeen { Id = key.Id, Generation = volume.Generation, Fault = fault, Present = !volume.Gone && _at.Board.Volume(key.Id)?.Present == true, SizeGib = _at.Board.Volume(key.Id)?.SizeGib ?? 0, UsedByServer = _at.Board.UserOf(key.Id) ?? "" });
    }

    private async Task<Engines.Guests.GuestSeen?> LookOrNull(string serverId, CancellationToken ct)
    {
        try
        {
            return await _at.Guests.Look(serverId, ct);
        }
        catch (EngineFault)
        {
            return null; // the fault being reported says more than this one
        }
    }

    public async ValueTask DisposeAsync()
    {
        _at.Guests.Changed -= OnChanged;
        await _stop.CancelAsync();
        await _life;
        _at.Mains?.Dispose();
        await _turns.DisposeAsync();
        await _at.Metadata.DisposeAsync();
        await _at.Guests.DisposeAsync();
    }
}
