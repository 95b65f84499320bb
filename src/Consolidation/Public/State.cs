namespace Xiangyun.Consolidation.Public;

/// <summary>The estate as it stands: shapes, and on which host each VM runs (-1: nowhere).</summary>
public sealed record State(IReadOnlyList<HostShape> Hosts, IReadOnlyList<VmShape> Vms, IReadOnlyList<int> HostOf, bool RamBinds = false);
