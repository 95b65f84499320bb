namespace Xiangyun.Evidence;

/// <summary>A record as a line of a copy: whole, or only its digest where the reader may not see it.</summary>
public static class RecordLine
{
    public static byte[] Whole(byte[] record, string hash) => Canonical.Object(("hash", hash), ("record", record));

    public static byte[] Hidden(long seq, string digest, string hash) => Canonical.Object(("digest", digest), ("hash", hash), ("seq", seq));
}
