namespace Xiangyun.Client.Records;

/// <summary>What a server uses now and used before; points are [milliseconds, CPU %, largest CPU %, memory %].</summary>
public sealed record ServerUse(int Vcpus, long MemoryMib, UseNow? Now, List<List<double?>> History);

public sealed record UseNow(DateTimeOffset AsOf, double CpuPercent, double CpuBusy, double? CpuWait, long MemoryMib, long? ResidentMib, long? UsedMib, double DiskReadBytesS, double DiskWriteBytesS, double NetInBytesS, double NetOutBytesS);

public sealed record HostUse(string HostName, bool Simulated, int Vcpus, long MemoryMib, double CpuPercent, long MemoryUsedMib, DateTimeOffset AsOf, List<List<double?>> History, List<GuestUse> Guests);

/// <param name="HostCpuPercent">Its part of the host's processors.</param>
public sealed record GuestUse(string ServerId, string Name, double CpuPercent, double CpuBusy, double? CpuWait, double? HostCpuPercent, long MemoryMib, long? UsedMib, double DiskReadBytesS, double DiskWriteBytesS, double NetInBytesS, double NetOutBytesS);
