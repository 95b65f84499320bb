using System.Buffers.Binary;
using Xiangyun.Kernel;

namespace Xiangyun.Engines.Disks;

/// <summary>
/// Reads the head of a qcow2 file (docs/interop/qcow2.txt of QEMU) without any tool: what an uploaded image points to
/// must be known before a program opens it, because opening already follows the pointer.
/// </summary>
internal readonly record struct Qcow2Header(long Size, bool Backing, bool DataFile, bool Encrypted)
{
    private const uint Magic = 0x514649FB;
    private const int Length = 80;

    /// <returns>null = not a qcow2 file.</returns>
    public static Qcow2Header? Read(string file)
    {
        Span<byte> head = stackalloc byte[Length];
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        return stream.ReadAtLeast(head, Length, throwOnEndOfStream: false) < Length ? null : Parse(head);
    }

    public static Qcow2Header? Parse(ReadOnlySpan<byte> head)
    {
        if (head.Length < Length || BinaryPrimitives.ReadUInt32BigEndian(head) != Magic) return null;
        var version = BinaryPrimitives.ReadUInt32BigEndian(head[4..]);
        if (version is not (2 or 3)) return null;
        var incompatible = version == 3 ? BinaryPrimitives.ReadUInt64BigEndian(head[72..]) : 0;
        return new Qcow2Header(
            BinaryPrimitives.ReadInt64BigEndian(head[24..]),
            BinaryPrimitives.ReadUInt64BigEndian(head[8..]) != 0,
            (incompatible & 4) != 0,
            BinaryPrimitives.ReadUInt32BigEndian(head[32..]) != 0);
    }

    /// <exception cref="CloudError">The file is not of its format, or reaches outside itself.</exception>
    public static void Check(string file, ImageSpec image)
    {
        if (image.Format == "raw") return; // opened as raw whatever it holds, so it can point nowhere
        if (image.Format != "qcow2") throw CloudError.Invalid($"Image {image.Id}: this host runs qcow2 and raw, not '{image.Format}'.");
        var header = Read(file) ?? throw CloudError.Invalid($"Image {image.Id} is not a qcow2 file.");
        if (header.Backing) throw CloudError.Invalid($"Image {image.Id} has a backing file: it could read this host's files.");
        if (header.DataFile) throw CloudError.Invalid($"Image {image.Id} has an external data file: it could read this host's files.");
        if (header.Encrypted) throw CloudError.Invalid($"Image {image.Id} is encrypted: this host has no key for it.");
    }
}
