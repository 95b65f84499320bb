using System.Text;

namespace Xiangyun.Testing.Bmc;

/// <summary>
/// What a simulated controller answers to IPMI commands (IPMI 2.0 chapters 20, 22, 28 and 34, DCMI 1.5 section 6.6): who it is, the chassis' power, the power
/// reading, and the product's name in the FRU inventory.
/// </summary>
internal sealed class IpmiCommands(SimulatedMachine machine)
{
    private const byte Done = 0, Invalid = 0xc1, OutOfRange = 0xc9;
    private readonly byte[] _fru = Fru();

    /// <param name="message">rsAddr, netFn/LUN, checksum, rqAddr, rqSeq/LUN, command, data, checksum.</param>
    public byte[] Answer(ReadOnlySpan<byte> message)
    {
        var (function, command) = (message[1] >> 2, message[5]);
        var data = message[6..^1].ToArray();
        byte[] said = (function, command) switch
        {
            (6, 0x38) => [Done, 1, 0x80, 4, 2, 0, 0, 0, 0], // IPMI 2.0, names are needed
            (6, 0x54) => data.Length > 2 && (data[2] & 0x3f) > 0 ? [Done, 1] : [Done, 1, 0xc0, 3, 0x01, 0x41, 0x81, 0xc0, 17, 0x03, 0x44, 0x81], // suites 3 and 17
            (6, 0x3b) => [Done, data[0]],
            (6, 0x3c) => [Done],
            (6, 0x01) => [Done, 0x20, 1, 1, 0, 2, 0x8f, 0, 0, 0, 1, 0],
            (0, 0x01) => [Done, (byte)(machine.On ? 0x61 : 0x60), 0, 0],
            (0, 0x02) => Control(data[0]),
            (0x0a, 0x10) => [Done, (byte)_fru.Length, (byte)(_fru.Length >> 8), 0],
            (0x0a, 0x11) => Read(data[1] | data[2] << 8, data[3]),
            (0x2c, 0x02) when data.Length > 0 && data[0] == 0xdc => [Done, 0xdc, .. Watts(machine.Watts), .. Watts(5), .. Watts(400), .. Watts(machine.Watts), 0, 0, 0, 0, 0xe8, 3, 0, 0, 0x40],
            _ => [Invalid],
        };
        byte[] head = [message[3], (byte)(function + 1 << 2)];
        byte[] body = [message[0], message[4], command, .. said];
        return [.. head, Checksum(head), .. body, Checksum(body)];
    }

    private byte[] Control(byte what)
    {
        string? press = what switch { 0 => "force", 1 => "on", 5 => "shutdown", _ => null };
        if (press is null) return [Invalid];
        machine.Press(press);
        return [Done];
    }

    private byte[] Read(int offset, int count)
    {
        if (offset >= _fru.Length) return [OutOfRange];
        var part = _fru[offset..Math.Min(_fru.Length, offset + count)];
        return [Done, (byte)part.Length, .. part];
    }

    private static byte[] Watts(int watts) => [(byte)watts, (byte)(watts >> 8)];

    private static byte Checksum(IEnumerable<byte> of) => (byte)-of.Sum(b => b);

    /// <summary>FRU Information Storage Definition 1.0: a header, and a product area with the maker's and the product's name.</summary>
    private static byte[] Fru()
    {
        byte[] Text(string text) => [(byte)(0xc0 | text.Length), .. Encoding.ASCII.GetBytes(text)];
        List<byte> product = [1, 0, 25, .. Text(SimulatedMachine.Maker), .. Text(SimulatedMachine.Model), .. Text("P1"), .. Text("v1"), .. Text("S1"), .. Text(""), 0xc1];
        while (product.Count % 8 != 7) product.Add(0);
        product[1] = (byte)((product.Count + 1) / 8);
        product.Add(Checksum(product));
        byte[] head = [1, 0, 0, 0, 1, 0, 0];
        return [.. head, Checksum(head), .. product];
    }
}
