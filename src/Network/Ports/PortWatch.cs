using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xiangyun.Kernel;
using Xiangyun.Network.Fabric;
using Xiangyun.Store;

namespace Xiangyun.Network.Ports;

/// <summary>Follows the fabric's own news of ports, from the whole picture on, and starts anew whenever the view is lost.</summary>
internal sealed class PortWatch(Database database, INetworkFabric fabric, TimeProvider clock, ILogger<PortWatch> log) : BackgroundService
{
    private const int MostAtOnce = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await foreach (var batch in fabric.Watch(stop))
                    foreach (var chunk in batch.Chunk(MostAtOnce))
                        await database.Write(Actor.System, tx => PortSeen.Store(tx, chunk), stop);
            }
            catch (EngineFault e)
            {
                log.WatchBroke(Pause.TotalSeconds, e.Message);
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                log.WatchBug(Pause.TotalSeconds, e);
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                return;
            }
            await Task.Delay(Pause, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
