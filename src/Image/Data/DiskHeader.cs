using System.Buffers.Binary;
using Xiangyun.Kernel;

namespace Xiangyun.Image.Data;

/// <summary>
/// What the first bytes of a disk image say, and what is refused: an image must be what it claims to be, and must not
/// make a host open further files. Layout of qcow2: docs/interop/qcow2.txt of QEMU.
/// </summary>
internal static class DiskHeader
{
    public const int Bytes = 104;
    private const uint Qcow2Magic = 0x514649FB;
    private const ulong ExternalData = 1 << 2;

    /// <returns>Size in bytes of the disk that a guest sees; null when this format does not tell.</returns>
    public static long? VirtualSize(string format, ReadOnlySpan<byte> head, long fileSize)
    {
        var isQcow2 = head.Length >= 4 && BinaryPrimitives.ReadUInt32BigEndian(head) == Qcow2Magic;
        if (format == "qcow2") return isQcow2 ? Qcow2(head) : throw CloudError.Invalid("The data is no qcow2 image although its disk_format says so.");
        if (isQcow2) throw CloudError.Invalid($"The data is a qcow2 image, but its disk_format says {format}. Set disk_format to qcow2.");
        return format == "raw" ? fileSize : null;
    }

    private static long Qcow2(ReadOnlySpan<byte> head)
    {
        if (head.Length < 72) throw CloudError.Invalid("The qcow2 image is cut off inside its header.");
        var version = BinaryPrimitives.ReadUInt32BigEndian(head[4..]);
        if (version is not (2 or 3)) throw CloudError.Invalid($"qcow2 version {version} is not supported; 2 and 3 are.");
        if (BinaryPrimitives.ReadUInt64BigEndian(head[8..]) != 0) throw CloudError.Invalid("The qcow2 image has a backing file. Make it self-contained: qemu-img convert -O qcow2 IN OUT.");
        if (BinaryPrimitives.ReadUInt32BigEndian(head[32..]) != 0) throw CloudError.Invalid("The qcow2 image is encrypted; that is not supported.");
        if (version == 3 && head.Length < Bytes) throw CloudError.Invalid("The qcow2 image is cut off inside its header.");
        if (version == 3 && (BinaryPrimitives.ReadUInt64BigEndian(head[72..]) & ExternalData) != 0)
            throw CloudError.Invalid("The qcow2 image keeps its data in another file. Make it self-contained: qemu-img convert -O qcow2 IN OUT.");
        var size = BinaryPrimitives.ReadUInt64BigEndian(head[24..]);
        return size is > 0 and <= long.MaxValue ? (long)size : throw CloudError.Invalid($"The qcow2 image claims a size of {size} bytes.");
    }
}
