using Xiangyun.Evidence;

namespace Xiangyun.Audit;

/// <summary>A signing key. Its private half lies sealed under the secret that is not in the database.</summary>
internal sealed class KeyRow
{
    public long Number { get; init; }
    public required string Id { get; init; }
    public required string Public { get; init; }
    public required string Sealed { get; init; }
    /// <summary>The key before it.</summary>
    public string? Before { get; init; }
    public long At { get; init; }
    public required string Signature { get; init; }
    public string? SignatureBefore { get; init; }

    public byte[] Line() => Statement.Line(Statement.OfKey(Number, Public, Id, Before, At), Signature, SignatureBefore);
}

/// <summary>A signed statement: the chain had this hash at this record.</summary>
internal sealed class HeadRow
{
    public long Seq { get; init; }
    public required string Hash { get; init; }
    public long At { get; init; }
    public required string KeyId { get; init; }
    public required string Signature { get; init; }

    public byte[] Line() => Statement.Line(Statement.OfHead(Seq, Hash, At, KeyId), Signature);
}

/// <summary>A signed statement: records up to this one were removed when their time was over.</summary>
internal sealed class StubRow
{
    public long Seq { get; init; }
    public required string Hash { get; init; }
    public long At { get; init; }
    public long RetentionDays { get; init; }
    public required string KeyId { get; init; }
    public required string Signature { get; init; }

    public byte[] Line() => Statement.Line(Statement.OfStub(Seq, Hash, At, RetentionDays, KeyId), Signature);
}
