using System.Xml.Linq;
using Xiangyun.Engines.Guests;

namespace Xiangyun.Engines.Libvirt;

/// <summary>What a domain's XML says of the devices that come and go. Pure.</summary>
internal sealed class DomainView
{
    private readonly XElement _devices;

    public DomainView(string xml)
    {
        var domain = XElement.Parse(xml);
        _devices = domain.Element("devices") ?? new XElement("devices");
        Hash = domain.Element("metadata")?.Element(DomainXml.Ours + "guest")?.Attribute("hash")?.Value ?? "";
        Volumes = Disks().Where(d => d.Element("serial") is not null).ToDictionary(d => d.Element("serial")!.Value);
        Nics = _devices.Elements("interface").Where(n => PortOf(n) is not null).ToDictionary(n => PortOf(n)!);
    }

    public string Hash { get; }
    /// <summary>By volume id.</summary>
    public IReadOnlyDictionary<string, XElement> Volumes { get; }
    /// <summary>By port id.</summary>
    public IReadOnlyDictionary<string, XElement> Nics { get; }

    /// <summary>Target of the disk with this file, or null.</summary>
    public string? DeviceOf(string file) => Disks().FirstOrDefault(d => d.Element("source")?.Attribute("file")?.Value == file)?.Element("target")?.Attribute("dev")?.Value;

    /// <summary>What must be plugged in and what pulled out of the running guest.</summary>
    public (List<XElement> Plug, List<XElement> Pull) Difference(GuestSpec spec, DomainOptions host)
    {
        var volumes = spec.Disks.Where(d => d.Role == DiskRole.Volume).ToList();
        var plug = volumes.Where(d => !Volumes.ContainsKey(d.Id)).Select(d => DeviceXml.Disk(d, null))
            .Concat(spec.Nics.Where(n => !Nics.ContainsKey(n.PortId)).Select(n => DeviceXml.Nic(n, spec.Hints.GetValueOrDefault("hw_vif_model"), host))).ToList();
        var pull = Volumes.Where(v => volumes.TrueForAll(d => d.Id != v.Key)).Select(v => v.Value)
            .Concat(Nics.Where(n => spec.Nics.All(w => w.PortId != n.Key)).Select(n => n.Value)).ToList();
        return (plug, pull);
    }

    private IEnumerable<XElement> Disks() => _devices.Elements("disk");

    private static string? PortOf(XElement nic) => nic.Element("virtualport")?.Element("parameters")?.Attribute("interfaceid")?.Value;
}
