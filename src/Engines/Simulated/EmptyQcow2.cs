using System.Buffers.Binary;

namespace Xiangyun.Engines.Simulated;

/// <summary>The smallest valid qcow2 of a given size (docs/interop/qcow2.txt of QEMU): what a simulated disk reads as.</summary>
internal static class EmptyQcow2
{
    private const int Cluster = 65536;

    public static byte[] Bytes(long size)
    {
        var l1 = (int)Math.Max(1, (size + (512L << 20) - 1) / (512L << 20)); // one L1 entry covers 512 MiB
        var file = new byte[4 * Cluster];
        var head = file.AsSpan();
        BinaryPrimitives.WriteUInt32BigEndian(head, 0x514649FB);
        BinaryPrimitives.WriteUInt32BigEndian(head[4..], 3);
        BinaryPrimitives.WriteUInt32BigEndian(head[20..], 16); // cluster bits
        BinaryPrimitives.WriteInt64BigEndian(head[24..], size);
        BinaryPrimitives.WriteInt32BigEndian(head[36..], l1);
        BinaryPrimitives.WriteInt64BigEndian(head[40..], 3 * Cluster); // L1 table
        BinaryPrimitives.WriteInt64BigEndian(head[48..], Cluster); // refcount table
        BinaryPrimitives.WriteInt32BigEndian(head[56..], 1);
        BinaryPrimitives.WriteInt32BigEndian(head[96..], 4); // 16-bit refcounts
        BinaryPrimitives.WriteInt32BigEndian(head[100..], 104);
        BinaryPrimitives.WriteInt64BigEndian(head[Cluster..], 2 * Cluster);
        for (var i = 0; i < 4; i++) BinaryPrimitives.WriteUInt16BigEndian(head[(2 * Cluster + 2 * i)..], 1);
        return file;
    }
}
