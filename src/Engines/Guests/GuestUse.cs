namespace Xiangyun.Engines.Guests;

/// <summary>What a running guest has used since it started (counters) and what it holds now. What the engine does not know is null.</summary>
public sealed record GuestUse(string Id)
{
    public int Vcpus { get; init; }
    /// <summary>Processor time, all processors together.</summary>
    public long CpuMs { get; init; }
    /// <summary>Time in which a processor of it wanted to run and had to wait for one of the host's.</summary>
    public long? WaitMs { get; init; }
    /// <summary>What it was given (the balloon), what the host holds for it, and what it uses of it by its own account.</summary>
    public long MemoryMib { get; init; }
    public long? ResidentMib { get; init; }
    public long? UsedMib { get; init; }
    public long? MajorFaults { get; init; }
    public long DiskReadBytes { get; init; }
    public long DiskWrittenBytes { get; init; }
    public long NetInBytes { get; init; }
    public long NetOutBytes { get; init; }
}
