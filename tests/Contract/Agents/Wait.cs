using System.Diagnostics;
using Grpc.Core;
using Xiangyun.Protocol;

namespace Xiangyun.Contract.Agents;

/// <summary>Waits for a state of the world, and says what the world was like when it never came.</summary>
internal static class Wait
{
    public static async Task<Seen> Until(HostAgent.HostAgentClient host, Func<Seen, bool> wanted, int seconds = 20)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        var world = new Seen();
        try
        {
            using var watch = host.Watch(new WatchRequest(), cancellationToken: limit.Token);
            await foreach (var seen in watch.ResponseStream.ReadAllAsync(limit.Token))
            {
                world = Merge(world, seen);
                if (wanted(world)) return world;
            }
        }
        catch (Exception e) when (limit.IsCancellationRequested && e is RpcException or OperationCanceledException) { }
        throw new TimeoutException($"Not within {seconds} s. The world is: {world}");
    }

    public static async Task Until(Func<Task<bool>> wanted, string what, int seconds = 20)
    {
        for (var since = Stopwatch.StartNew(); since.Elapsed.TotalSeconds < seconds; await Task.Delay(50))
            if (await wanted()) return;
        throw new TimeoutException($"Not within {seconds} s: {what}");
    }

    private static Seen Merge(Seen world, Seen news)
    {
        if (news.Full) return news;
        foreach (var server in news.Servers)
        {
            if (world.Servers.FirstOrDefault(s => s.Id == server.Id) is { } old) world.Servers.Remove(old);
            world.Servers.Add(server);
        }
        foreach (var volume in news.Volumes)
        {
            if (world.Volumes.FirstOrDefault(v => v.Id == volume.Id) is { } old) world.Volumes.Remove(old);
            world.Volumes.Add(volume);
        }
        world.MissingImages.Clear();
        world.MissingImages.Add(news.MissingImages);
        world.Orphans.Clear();
        world.Orphans.Add(news.Orphans);
        world.PlanGeneration = news.PlanGeneration;
        world.Usage = news.Usage;
        return world;
    }
}
