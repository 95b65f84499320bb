using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Kernel;
using Xiangyun.Telemetry;
using Xiangyun.Testing;

namespace Xiangyun.Api.Capacity;

/// <summary>A past for servers that were made a second ago: the ring is filled as the agent's samples would have, up to now.</summary>
internal static class Loads
{
    public const string Own = "/xiangyun/v1/capacity";

    public static Ring Past(double days, double cpu, double memory, double wait = 0, double disk = 10, double net = 10)
    {
        var (ring, now) = (new Ring(), TimeProvider.System.Ms());
        for (var at = now - (long)(days * Ring.Daily); at < now; at += Ring.Five) ring.Take(at, cpu, memory, wait, disk, net, 0);
        return ring;
    }

    /// <summary>From now on it is remembered so; what the simulated host tells is added.</summary>
    public static void Remember(this Cloud cloud, string serverId, Ring ring) => ((ConcurrentDictionary<string, Ring>)cloud.Services.GetRequiredService<Memory>().Rings)[serverId] = ring;

    /// <summary>The present five minutes, as busy as this, whatever a few more samples say.</summary>
    public static Ring Now(this Ring ring, double cpu, double memory = 20)
    {
        for (var n = 0; n < 3000; n++) ring.Take(TimeProvider.System.Ms(), cpu, memory);
        return ring;
    }

    public static Task Wake(this Cloud cloud, string kind, string id) => cloud.Database.Write(Actor.System, tx => { tx.Wake(kind, id); return Task.CompletedTask; });

    public static async Task Settings(this Cloud cloud, object settings) => (await cloud.Admin.Put(Own + "/settings", new { settings })).Is(200);
}
