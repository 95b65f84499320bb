using Google.Protobuf;
using Grpc.Core;
using Xiangyun.Protocol;

namespace Xiangyun.Agent.Rpc;

/// <summary>Carries bytes between a console and a caller until either side ends.</summary>
internal static class ConsolePump
{
    public static async Task Run(Stream console, IAsyncStreamReader<ConsoleBytes> from, IServerStreamWriter<ConsoleBytes> to, CancellationToken ct)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var up = Up(console, from, end.Token);
        var down = Down(console, to, end.Token);
        await Task.WhenAny(up, down);
        await end.CancelAsync();
        await Quiet(up);
        await Quiet(down);
    }

    private static async Task Up(Stream console, IAsyncStreamReader<ConsoleBytes> from, CancellationToken ct)
    {
        while (await from.MoveNext(ct))
        {
            await console.WriteAsync(from.Current.Data.Memory, ct);
            await console.FlushAsync(ct);
        }
    }

    private static async Task Down(Stream console, IServerStreamWriter<ConsoleBytes> to, CancellationToken ct)
    {
        var buffer = new byte[16 * 1024];
        for (int n; (n = await console.ReadAsync(buffer, ct)) > 0;)
            await to.WriteAsync(new ConsoleBytes { Data = ByteString.CopyFrom(buffer, 0, n) }, ct);
    }

    /// <summary>A console ends by being cut: the guest stops, the viewer closes its window.</summary>
    private static async Task Quiet(Task side)
    {
        try
        {
            await side;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException or ObjectDisposedException or RpcException) { }
    }
}
