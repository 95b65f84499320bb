using System.Security.Cryptography;
using Xiangyun.Kernel;

namespace Xiangyun.Engines.Disks;

/// <summary>Sums an image while it streams by, and says in the end whether it is the announced one.</summary>
internal sealed class ImageSum(ImageSpec image) : IDisposable
{
    private readonly IncrementalHash _sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
    private long _size;

    public void Add(ReadOnlySpan<byte> part)
    {
        _sum.AppendData(part);
        _size += part.Length;
    }

    public void Check()
    {
        if (image.Size > 0 && _size != image.Size) throw CloudError.Invalid($"Image {image.Id}: {_size} bytes came, {image.Size} were announced.");
        if (image.Sha512.Length > 0 && !image.Sha512.Equals(Convert.ToHexStringLower(_sum.GetHashAndReset()), StringComparison.OrdinalIgnoreCase))
            throw CloudError.Invalid($"Image {image.Id}: its SHA-512 is not the announced one.");
    }

    public void Dispose() => _sum.Dispose();
}
