namespace Xiangyun.Engines.Libvirt;

/// <summary>What a host adds to every guest's definition.</summary>
/// <param name="Arch">libvirt's name: x86_64, aarch64, loongarch64.</param>
/// <param name="Kvm">false = TCG.</param>
/// <param name="Offload">true only with an OVS build that takes segmentation offload; without it every TCP packet would leave with a partial checksum.</param>
/// <param name="RunDirectory">Sockets and console logs; short, because a unix socket's path has at most 107 bytes.</param>
public sealed record DomainOptions(string Arch, bool Kvm, bool Offload, string RunDirectory, string Bridge = "br-int")
{
    public string Vnc(string id) => Path.Combine(RunDirectory, id + ".vnc");
    public string Serial(string id) => Path.Combine(RunDirectory, id + ".tty");
    public string Log(string id) => Path.Combine(RunDirectory, id + ".log");
}
