using Xiangyun.Engines.Disks;
using Xiangyun.Kernel;

namespace Xiangyun.Engines.QemuImg;

/// <summary>Base images, each kept once, read-only, under all root disks made from it.</summary>
internal sealed class ImageShelf(DiskLayout layout)
{
    /// <returns>null = not here.</returns>
    public DiskFile? Find(string id)
    {
        foreach (var format in new[] { "qcow2", "raw" })
        {
            var file = layout.Image(id, format);
            if (File.Exists(file)) return new DiskFile(file, format, format == "qcow2" ? Qcow2Header.Read(file)!.Value.Size : new FileInfo(file).Length);
        }
        return null;
    }

    public DiskFile Need(string id, string verb) => Find(id) ?? throw new EngineFault("disks", verb, $"image {id} is not on this host", transient: true);

    public IReadOnlyList<string> List() => [.. Directory.EnumerateFiles(layout.Images).Where(f => !f.EndsWith(DiskLayout.Unfinished, StringComparison.Ordinal)).Select(f => Path.GetFileNameWithoutExtension(f))];

    public async Task Store(ImageSpec image, IAsyncEnumerable<ReadOnlyMemory<byte>> bytes, CancellationToken ct)
    {
        var file = layout.Image(image.Id, image.Format);
        var part = layout.Part(file);
        try
        {
            using var sum = new ImageSum(image);
            await using (var stream = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1, FileOptions.Asynchronous))
            {
                await foreach (var piece in bytes.WithCancellation(ct))
                {
                    sum.Add(piece.Span);
                    await stream.WriteAsync(piece, ct);
                }
                stream.Flush(flushToDisk: true);
            }
            sum.Check();
            Qcow2Header.Check(part, image);
            File.SetUnixFileMode(part, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
            if (!File.Exists(file)) File.Move(part, file); // guests may have it open: what is there stays
        }
        finally
        {
            File.Delete(part);
        }
    }

    public void Remove(string id)
    {
        foreach (var format in new[] { "qcow2", "raw" }) File.Delete(layout.Image(id, format));
    }
}
