using System.Xml.Linq;
using Xiangyun.Engines.Guests;

namespace Xiangyun.Engines.Libvirt;

/// <summary>The devices of a guest: used whole in its definition and one by one for hot plug.</summary>
internal static class DeviceXml
{
    private static readonly HashSet<string> NicModels = ["virtio", "e1000", "e1000e", "rtl8139"];

    public static XElement All(GuestSpec spec, DomainOptions host)
    {
        var boot = spec.Disks.Where(d => d.BootIndex >= 0).OrderBy(d => d.BootIndex).Select((d, n) => (d, n)).ToDictionary(p => p.d, p => p.n + 1);
        return new XElement("devices",
            spec.Disks.Select(d => Disk(d, boot.TryGetValue(d, out var order) ? order : null)),
            spec.Nics.Select(n => Nic(n, spec.Hints.GetValueOrDefault("hw_vif_model"), host)),
            Serial("serial", spec.Id, host),
            new XElement("channel", Type("unix"), new XElement("target", Type("virtio"), Name("org.qemu.guest_agent.0"))),
            new XElement("memballoon", new XAttribute("model", "virtio"), new XElement("stats", new XAttribute("period", 10))),
            new XElement("rng", new XAttribute("model", "virtio"), new XElement("backend", new XAttribute("model", "random"), "/dev/urandom")),
            new XElement("graphics", Type("vnc"), new XAttribute("socket", host.Vnc(spec.Id))),
            new XElement("video", new XElement("model", Type(host.Arch == "x86_64" ? "vga" : "virtio"))));
    }

    /// <param name="order">1 boots first; null = not bootable.</param>
    public static XElement Disk(GuestDisk disk, int? order) => new("disk", Type("file"), new XAttribute("device", disk.Cdrom ? "cdrom" : "disk"),
        new XElement("driver", Name("qemu"), Type(disk.Format), new XAttribute("cache", disk.ReadOnly ? "writethrough" : "none"), disk.ReadOnly ? null : new XAttribute("discard", "unmap")),
        new XElement("source", new XAttribute("file", disk.File)),
        new XElement("target", new XAttribute("dev", disk.Device), new XAttribute("bus", disk.Bus)),
        disk.ReadOnly || disk.Cdrom ? new XElement("readonly") : null,
        disk.Shared ? new XElement("shareable") : null,
        disk.Role == DiskRole.Volume ? new XElement("serial", disk.Id) : null,
        order is { } n ? new XElement("boot", new XAttribute("order", n)) : null);

    public static XElement Nic(GuestNic nic, string? model, DomainOptions host) => new("interface", Type("bridge"),
        new XElement("mac", new XAttribute("address", nic.Mac)),
        new XElement("source", new XAttribute("bridge", host.Bridge)),
        new XElement("virtualport", Type("openvswitch"), new XElement("parameters", new XAttribute("interfaceid", nic.PortId))),
        new XElement("model", Type(model is not null && NicModels.Contains(model) ? model : "virtio")),
        host.Offload ? null : NoOffload(),
        nic.Mtu > 0 ? new XElement("mtu", new XAttribute("size", nic.Mtu)) : null);

    private static XElement NoOffload() => new("driver", Name("qemu"),
        new XElement("host", Off("csum", "gso", "tso4", "tso6", "ecn", "ufo")),
        new XElement("guest", Off("csum", "tso4", "tso6", "ecn", "ufo")));

    private static IEnumerable<XAttribute> Off(params string[] names) => names.Select(n => new XAttribute(n, "off"));

    private static XElement Serial(string element, string id, DomainOptions host) => new(element, Type("unix"),
        new XElement("source", new XAttribute("mode", "bind"), new XAttribute("path", host.Serial(id))),
        new XElement("log", new XAttribute("file", host.Log(id)), new XAttribute("append", "on")),
        new XElement("target", new XAttribute("port", 0)));

    private static XAttribute Type(string type) => new("type", type);
    private static XAttribute Name(string name) => new("name", name);
}
