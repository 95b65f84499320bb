using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Xiangyun.Fleet.Hosts;
using Xiangyun.Fleet.Public;
using Xiangyun.Protocol;
using Xiangyun.Store.Tasks;

namespace Xiangyun.Fleet.Links;

/// <summary>
/// Sends a host the images that it reports as missing: one push of an image to a host at a time, a few side by side. A push
/// that breaks is simply asked for again by the host's next report.
/// </summary>
internal sealed class ImagePush(Agents agents, IEnumerable<IImageSource> sources, Meters meters, ILogger<ImagePush> log)
{
    private const int Chunk = 1024 * 1024;
    private readonly ConcurrentDictionary<(string Host, string Image), bool> _under = new();
    private readonly SemaphoreSlim _slots = new(8, 8);

    public void Want(HostRow host, IEnumerable<MissingImage> missing, CancellationToken ct)
    {
        foreach (var image in missing)
            if (_under.TryAdd((host.Id, image.ImageId), true)) _ = Task.Run(() => Push(host, image.ImageId, ct), CancellationToken.None);
    }

    private async Task Push(HostRow host, string imageId, CancellationToken ct)
    {
        try
        {
            await _slots.WaitAsync(ct);
            try
            {
                await Send(host, imageId, ct);
            }
            finally
            {
                _slots.Release();
            }
        }
        catch (Exception) when (ct.IsCancellationRequested)
        {
            // The stream that asked for it ended: the next one asks again.
        }
        catch (Exception e)
        {
            log.PushFailed(imageId, host.Name, e is RpcException r ? r.Status.Detail : e.Message);
        }
        finally
        {
            _under.TryRemove((host.Id, imageId), out _);
        }
    }

    private async Task Send(HostRow host, string imageId, CancellationToken ct)
    {
        ImageBytes? image = null;
        foreach (var source in sources) image ??= await source.Open(imageId, ct);
        if (image is null)
        {
            log.NoImage(imageId, host.Name);
            return;
        }
        await using var data = image.Data;
        await using var meter = meters.Begin($"push:{host.Id}:{imageId}", image.Size);
        using var call = agents.Client(host.Endpoint).PutImage(Agents.For(host, ct));
        await call.RequestStream.WriteAsync(new ImageChunk { Head = new ImageHead { ImageId = imageId, Size = image.Size, Sha512 = image.Sha512, Format = image.Format } }, ct);
        var buffer = new byte[Chunk];
        int read;
        while ((read = await data.ReadAsync(buffer, ct)) > 0)
        {
            await call.RequestStream.WriteAsync(new ImageChunk { Data = ByteString.CopyFrom(buffer, 0, read) }, ct);
            meter.Add(read);
        }
        await call.RequestStream.CompleteAsync();
        var answer = await call;
        if (!answer.Stored) log.PushFailed(imageId, host.Name, answer.Why);
    }
}
