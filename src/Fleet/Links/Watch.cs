using System.Collections.Concurrent;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xiangyun.Fleet.Hosts;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Protocol;
using Xiangyun.Store;

namespace Xiangyun.Fleet.Links;

/// <summary>
/// Keeps one Watch stream to every host. What changed is stored at once, one transaction a report; heartbeats of all hosts
/// are kept and written together every few seconds.
/// </summary>
internal sealed class Watch(Database database, Agents agents, ImagePush images, IEnumerable<ISeenIntake> intakes, IEnumerable<IUseIntake> uses, HostStore store, TimeProvider clock, ILogger<Watch> log) : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(3), Dark = TimeSpan.FromSeconds(3);
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _streams = new();
    private readonly Presence _presence = new();
    private readonly ConcurrentDictionary<string, (long At, HostUsage? Usage)> _beats = new();

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Flush();
                var hosts = await database.Read(q => q.Db<FleetDb>().Hosts.ToListAsync(stop), stop);
                await Follow(hosts, stop);
                await Tell([.. hosts.Select(store.View)]);
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                log.WatchBroke("all hosts", e.Message);
            }
            await Task.Delay(_streams.IsEmpty ? TimeSpan.FromMilliseconds(300) : Round, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Follow(List<HostRow> hosts, CancellationToken stop)
    {
        foreach (var host in hosts.Where(h => !_streams.ContainsKey(h.Id)))
        {
            var one = CancellationTokenSource.CreateLinkedTokenSource(stop);
            _streams[host.Id] = one;
            _ = Task.Run(() => Stream(host.Id, one.Token), CancellationToken.None);
        }
        foreach (var gone in _streams.Keys.Except(hosts.Select(h => h.Id)))
            if (_streams.TryRemove(gone, out var source)) await source.CancelAsync();
    }

    /// <summary>Hosts that fell silent or came back: higher modules look at them.</summary>
    private async Task Tell(IReadOnlyList<HostView> hosts)
    {
        var news = _presence.News(hosts);
        if (news.Count == 0) return;
        await database.Write(Actor.System, tx => { foreach (var host in news) tx.Changed(FleetWork.HostChanged, host.Id); return Task.CompletedTask; });
        foreach (var host in news.Where(h => h.SeenAt > 0 && !h.OffByCloud)) log.Presence(host.Name, host.Alive ? "answers" : $"does not answer since {Clock.Seconds(host.SeenAt)}");
        _presence.Told(hosts);
    }

    private async Task Stream(string hostId, CancellationToken ct)
    {
        var delay = TimeSpan.FromMilliseconds(200);
        while (!ct.IsCancellationRequested)
        {
            var host = await database.Read(q => q.Db<FleetDb>().Hosts.SingleOrDefaultAsync(h => h.Id == hostId, ct), ct);
            if (host is null) return;
            try
            {
                var facts = await agents.Client(host.Endpoint).DescribeAsync(new DescribeRequest(), Agents.For(host, ct, TimeSpan.FromSeconds(10), clock));
                await database.Write(Actor.System, tx => HostStore.Describe(tx, hostId, facts), ct);
                delay = TimeSpan.FromMilliseconds(200);
                using var call = agents.Client(host.Endpoint).Watch(new WatchRequest(), Agents.For(host, ct));
                await foreach (var seen in call.ResponseStream.ReadAllAsync(ct)) await Take(host, seen, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                if (host.PowerWanted == PowerState.Off) delay = Dark; // it is meant to be silent; who switches it on by hand is found this way
                else log.WatchBroke(host.Name, e is RpcException r ? r.Status.Detail : e.Message);
            }
            catch (Exception) when (ct.IsCancellationRequested)
            {
                return;
            }
            await Task.Delay(delay, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            delay = TimeSpan.FromMilliseconds(Math.Min(Dark.TotalMilliseconds, delay.TotalMilliseconds * 2));
        }
    }

    private async Task Take(HostRow host, Seen seen, CancellationToken ct)
    {
        _beats[host.Id] = (clock.Ms(), seen.Usage);
        if (seen.MissingImages.Count > 0) images.Want(host, seen.MissingImages, ct);
        if (seen.Orphans.Count > 0) log.Orphans(host.Name, string.Join(", ", seen.Orphans.Take(10)));
        if (seen.Guests.Count > 0) foreach (var use in uses) await use.Take(host.Id, host.Vcpus, host.MemoryMib, seen);
        if (!seen.Full && seen.Servers.Count == 0 && seen.Volumes.Count == 0) return;
        await database.Write(Actor.System, async tx => { foreach (var intake in intakes) await intake.Take(tx, host.Id, seen); }, ct);
    }

    private async Task Flush()
    {
        var beats = _beats.ToArray();
        if (beats.Length == 0) return;
        foreach (var (id, beat) in beats) _beats.TryRemove(KeyValuePair.Create(id, beat));
        await database.Write(Actor.System, async tx =>
        {
            var hosts = tx.Db<FleetDb>().Hosts;
            foreach (var (id, (at, usage)) in beats)
                if (usage is null) await hosts.Where(h => h.Id == id).ExecuteUpdateAsync(s => s.SetProperty(h => h.SeenAt, at));
                else await hosts.Where(h => h.Id == id).ExecuteUpdateAsync(s => s.SetProperty(h => h.SeenAt, at).SetProperty(h => h.RunningServers, usage.RunningServers)
                    .SetProperty(h => h.CpuPercent, usage.CpuPercent).SetProperty(h => h.MemoryUsedMib, usage.MemoryUsedMib).SetProperty(h => h.DiskUsedGib, usage.DiskUsedGib));
        });
    }
}
