namespace Xiangyun.Engines.Guests;

/// <summary>Moving = held by a move to or from another host, which alone decides how it goes on.</summary>
public enum GuestPower { Stopped, Running, Paused, Suspended, Moving }

/// <summary>Why a stopped guest is stopped. Unknown = the engine itself was restarted since, or the host was.</summary>
public enum StopCause { None, Unknown, Asked, Itself, Crash }

/// <summary>One guest as the engine has it now.</summary>
public sealed record GuestSeen(string Id, GuestPower Power, StopCause Cause, IReadOnlyList<string> VolumeIds, IReadOnlyList<string> PortIds);

/// <summary>Bytes of memory and disks. What a guest writes meanwhile is sent again, so the whole may grow.</summary>
public sealed record MoveProgress(long Done, long Total);

/// <summary>What the engine and the machine below it are.</summary>
public sealed record EngineFacts(string Hypervisor, int Version, string Accelerator, string Arch, string CpuModel, int Vcpus, long MemoryMib);
