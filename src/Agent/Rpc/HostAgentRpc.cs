using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xiangyun.Agent.Hosts;
using Xiangyun.Engines.Disks;
using Xiangyun.Engines.Guests;
using Xiangyun.Kernel;
using Xiangyun.Protocol;

namespace Xiangyun.Agent.Rpc;

/// <summary>The agent's face to the servers: thin, each verb finds its host and passes on.</summary>
internal sealed class HostAgentRpc(HostList hosts, IHostApplicationLifetime life, TimeProvider clock, ILogger<HostAgentRpc> log) : HostAgent.HostAgentBase
{
    public override async Task<HostFacts> Describe(DescribeRequest request, ServerCallContext call) =>
        await Guard(() => Facts.Of(hosts.Of(call), call.CancellationToken));

    public override async Task<ApplyAnswer> Apply(HostPlan plan, ServerCallContext call)
    {
        var host = hosts.Of(call);
        var why = await host.Apply(plan, call.CancellationToken);
        return new ApplyAnswer { Accepted = why is null, LedgerGeneration = host.At.Plan.Generation, Why = why ?? "" };
    }

    public override async Task Watch(WatchRequest request, IServerStreamWriter<Seen> to, ServerCallContext call)
    {
        var at = hosts.Of(call).At;
        using var until = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken, at.Mains?.Cut ?? CancellationToken.None, life.ApplicationStopping); // else the agent's end would wait for every watcher
        await Watching.WatchFeed.Run(at, clock, seen => to.WriteAsync(seen), until.Token);
    }

    public override Task<HostPowerAnswer> HostPower(HostPowerRequest request, ServerCallContext call) => Switching.Answer(hosts.Named(call), request.Verb, call.CancellationToken);

    public override async Task<PutImageAnswer> PutImage(IAsyncStreamReader<ImageChunk> from, ServerCallContext call)
    {
        var host = hosts.Of(call);
        if (!await from.MoveNext(call.CancellationToken) || from.Current.Head is not { } head) return new PutImageAnswer { Why = "The first chunk must carry the head." };
        try
        {
            await host.At.Disks.StoreImage(new ImageSpec(head.ImageId, head.Sha512, head.Format, head.Size), Chunks(from, call.CancellationToken), call.CancellationToken);
        }
        catch (CloudError e)
        {
            log.ImageRefused(host.Name, head.ImageId, e.Message);
            return new PutImageAnswer { Why = e.Message };
        }
        catch (EngineFault e)
        {
            log.ImageRefused(host.Name, head.ImageId, e.Message);
            return new PutImageAnswer { Why = e.Message };
        }
        log.ImageStored(host.Name, head.ImageId);
        host.ImageCame(head.ImageId);
        return new PutImageAnswer { Stored = true };
    }

    public override async Task ReadDisk(ReadDiskRequest request, IServerStreamWriter<Bytes> to, ServerCallContext call) =>
        await Guard(async () =>
        {
            await DiskReading.Read(hosts.Of(call).At, request, data => to.WriteAsync(new Bytes { Data = UnsafeByteOperations.UnsafeWrap(data) }, call.CancellationToken), call.CancellationToken);
            return true;
        });

    public override async Task<ConsoleLogAnswer> ConsoleLog(ConsoleLogRequest request, ServerCallContext call) =>
        await Guard(async () => new ConsoleLogAnswer { Text = await hosts.Of(call).At.Guests.ConsoleLog(request.ServerId, request.LastLines, call.CancellationToken) });

    public override async Task<GuestAnswer> Guest(GuestRequest request, ServerCallContext call)
    {
        var guests = hosts.Of(call).At.Guests;
        try
        {
            if (request.Verb == "nmi") await guests.Interrupt(request.ServerId, call.CancellationToken);
            else if (request.Verb == "password") await guests.SetPassword(request.ServerId, request.User, request.Password, call.CancellationToken);
            else return new GuestAnswer { Why = $"there is no verb '{request.Verb}'" };
            return new GuestAnswer();
        }
        catch (EngineFault e)
        {
            return new GuestAnswer { Why = e.Message };
        }
    }

    public override async Task Console(IAsyncStreamReader<ConsoleBytes> from, IServerStreamWriter<ConsoleBytes> to, ServerCallContext call) =>
        await Guard(async () =>
        {
            if (!await from.MoveNext(call.CancellationToken) || from.Current.Open is not { } open) throw new RpcException(new Status(StatusCode.InvalidArgument, "The first message must open a console."));
            var kind = open.Kind switch
            {
                "vnc" => ConsoleKind.Vnc,
                "serial" => ConsoleKind.Serial,
                _ => throw new RpcException(new Status(StatusCode.InvalidArgument, $"There is no console of kind '{open.Kind}'.")),
            };
            await using var stream = await hosts.Of(call).At.Guests.Console(open.ServerId, kind, call.CancellationToken);
            await ConsolePump.Run(stream, from, to, call.CancellationToken);
            return true;
        });

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Chunks(IAsyncStreamReader<ImageChunk> from, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        do
        {
            if (!from.Current.Data.IsEmpty) yield return from.Current.Data.Memory;
        }
        while (await from.MoveNext(ct));
    }

    /// <summary>Engine faults and refusals in gRPC's words.</summary>
    private static async Task<T> Guard<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (EngineFault e)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, e.Message));
        }
        catch (CloudError e)
        {
            throw new RpcException(new Status(e.Kind == ErrorKind.NotFound ? StatusCode.NotFound : StatusCode.FailedPrecondition, e.Message));
        }
    }
}
