using Org.BouncyCastle.Crypto.Digests;

namespace Xiangyun.Evidence;

/// <summary>The hash of GB/T 32905-2016 (ISO/IEC 10118-3), as BouncyCastle computes it: 32 bytes.</summary>
public sealed class Sm3
{
    public const int Length = 32;

    private readonly SM3Digest _digest = new();

    public void Add(ReadOnlySpan<byte> bytes) => _digest.BlockUpdate(bytes);

    /// <summary>The hash of everything added; starts anew.</summary>
    public byte[] Take()
    {
        var hash = new byte[Length];
        _digest.DoFinal(hash, 0);
        return hash;
    }

    /// <summary>The hash of everything added so far; more can be added.</summary>
    public byte[] Peek()
    {
        var hash = new byte[Length];
        new SM3Digest(_digest).DoFinal(hash, 0);
        return hash;
    }

    public static byte[] Of(ReadOnlySpan<byte> bytes)
    {
        var sm3 = new Sm3();
        sm3.Add(bytes);
        return sm3.Take();
    }
}
