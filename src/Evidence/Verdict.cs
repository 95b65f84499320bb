namespace Xiangyun.Evidence;

/// <summary>What is wrong, in words, and where: the line of the file and the record's number where it has one.</summary>
public sealed record Finding(long Line, long? Record, string What)
{
    public override string ToString() => Record is { } seq ? $"line {Line}, record {seq}: {What}" : Line > 0 ? $"line {Line}: {What}" : What;
}

/// <summary>A key that the file names, in the order of succession.</summary>
public sealed record NamedKey(long Number, string Name, string Point, long At);

/// <summary>What a check found out. Nothing found means that the file is as it was signed.</summary>
public sealed record Verdict
{
    public required IReadOnlyList<Finding> Findings { get; init; }
    public required IReadOnlyList<NamedKey> Keys { get; init; }
    /// <summary>The auditor's own key is among them and all others follow from it or lead to it.</summary>
    public bool Pinned { get; init; }
    public long Records { get; init; }
    /// <summary>Records of which the copy has only the digest, because its reader may not see them.</summary>
    public long Hidden { get; init; }
    public long First { get; init; }
    public long Last { get; init; }
    /// <summary>Time of the last signed head, milliseconds since 1970.</summary>
    public long SignedAt { get; init; }
    /// <summary>A kept head behind the end of a copy that ends early because its reader wanted that: it was not compared.</summary>
    public long? Beyond { get; init; }
    public bool Good => Findings.Count == 0;
}
