namespace Xiangyun.Evidence;

/// <summary>
/// How records hang together: digest(n) = SM3(canonical bytes of record n), hash(n) = SM3(hash(n-1) || digest(n)), and
/// hash(0) is 32 zero bytes. The digest alone carries the chain on, so a record can be left out of a copy for somebody who
/// may not read it, and that copy can still be checked.
/// </summary>
public static class Chain
{
    public static readonly byte[] Beginning = new byte[Sm3.Length];

    public static byte[] Next(ReadOnlySpan<byte> before, ReadOnlySpan<byte> digest)
    {
        Span<byte> both = stackalloc byte[Sm3.Length * 2];
        before.CopyTo(both);
        digest.CopyTo(both[Sm3.Length..]);
        return Sm3.Of(both);
    }
}
