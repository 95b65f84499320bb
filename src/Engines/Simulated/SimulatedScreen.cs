using System.Buffers.Binary;
using System.Text;

namespace Xiangyun.Engines.Simulated;

/// <summary>A screen that shows nothing, after the handshake of RFC 6143: viewers connect and see a black picture of its size.</summary>
internal static class SimulatedScreen
{
    private const ushort Width = 720, Height = 400;

    /// <summary>The version line was sent already.</summary>
    public static async Task Serve(Stream stream, string id)
    {
        await Read(stream, 12);
        await Send(stream, [1, 1]); // one security type: none
        await Read(stream, 1);
        await Send(stream, [0, 0, 0, 0]);
        await Read(stream, 1);
        await Send(stream, Initial("xy-" + id));
        var rest = new byte[4096];
        while (await stream.ReadAsync(rest) > 0) { } // nothing ever changes on this screen
    }

    private static byte[] Initial(string name)
    {
        var text = Encoding.ASCII.GetBytes(name);
        var packet = new byte[24 + text.Length];
        BinaryPrimitives.WriteUInt16BigEndian(packet, Width);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), Height);
        byte[] format = [32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0];
        format.CopyTo(packet, 4);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(20), (uint)text.Length);
        text.CopyTo(packet, 24);
        return packet;
    }

    private static Task Read(Stream stream, int count) => stream.ReadExactlyAsync(new byte[count]).AsTask();

    private static async Task Send(Stream stream, byte[] bytes)
    {
        await stream.WriteAsync(bytes);
        await stream.FlushAsync();
    }
}
