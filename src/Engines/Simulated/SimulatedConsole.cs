using System.Text;
using Xiangyun.Engines.Guests;

namespace Xiangyun.Engines.Simulated;

/// <summary>The far end of a simulated console: greets like the real one; the serial line echoes.</summary>
internal static class SimulatedConsole
{
    public static async Task Serve(Stream stream, ConsoleKind kind, string id)
    {
        await using var end = stream;
        try
        {
            var hello = kind == ConsoleKind.Vnc ? "RFB 003.008\n" : $"xy-{id} login: ";
            await end.WriteAsync(Encoding.ASCII.GetBytes(hello));
            await end.FlushAsync();
            if (kind == ConsoleKind.Vnc)
            {
                await SimulatedScreen.Serve(end, id);
                return;
            }
            var buffer = new byte[4096];
            for (int n; (n = await end.ReadAsync(buffer)) > 0;)
            {
                await end.WriteAsync(buffer.AsMemory(0, n));
                await end.FlushAsync();
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or ObjectDisposedException) { } // the other end closed
    }
}
