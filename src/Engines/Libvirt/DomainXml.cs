using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Xiangyun.Engines.Guests;

namespace Xiangyun.Engines.Libvirt;

/// <summary>
/// A guest's definition in libvirt's words (formatdomain). Pure. The definition carries its own hash, so that comparing
/// the wanted with the stored one does not depend on how libvirt rewrites XML.
/// </summary>
internal static class DomainXml
{
    public const string Prefix = "xy-";
    public static readonly XNamespace Ours = "urn:xiangyun:guest:1";

    public static string NameOf(string id) => Prefix + id;

    /// <returns>The XML and the hash that it carries.</returns>
    public static (string Xml, string Hash) Build(GuestSpec spec, DomainOptions host)
    {
        var domain = Domain(spec, host);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(domain.ToString(SaveOptions.DisableFormatting))))[..32];
        domain.Element("uuid")!.AddAfterSelf(new XElement("metadata", new XElement(Ours + "guest", new XAttribute(XNamespace.Xmlns + "xy", Ours.NamespaceName), new XAttribute("hash", hash))));
        return (domain.ToString(SaveOptions.DisableFormatting), hash);
    }

    private static XElement Domain(GuestSpec spec, DomainOptions host) => new("domain",
        new XAttribute("type", host.Kvm ? "kvm" : "qemu"),
        new XElement("name", NameOf(spec.Id)),
        new XElement("uuid", spec.Id),
        new XElement("memory", new XAttribute("unit", "MiB"), spec.MemoryMib),
        new XElement("vcpu", spec.Vcpus),
        Smbios(spec),
        Os(host),
        new XElement("features",
            new XElement("acpi"),
            host.Arch == "x86_64" ? new XElement("apic") : null,
            host.Kvm ? null : new XElement("tcg", new XElement("tb-cache", new XAttribute("unit", "MiB"), 64))), // else each guest costs 130 MB more
        Cpu(host),
        new XElement("clock", new XAttribute("offset", "utc")),
        new XElement("on_poweroff", "destroy"),
        new XElement("on_reboot", "restart"),
        new XElement("on_crash", "destroy"),
        DeviceXml.All(spec, host));

    /// <summary>cloud-init asks for our metadata only on a machine whose product is called as Nova calls its own.</summary>
    private static XElement Smbios(GuestSpec spec) => new("sysinfo", new XAttribute("type", "smbios"), new XElement("system",
        Entry("manufacturer", "Xiangyun"), Entry("product", "OpenStack Nova"), Entry("serial", spec.Id), Entry("uuid", spec.Id), Entry("family", "Virtual Machine")));

    private static XElement Entry(string name, string text) => new("entry", new XAttribute("name", name), text);

    private static XElement Os(DomainOptions host) => new("os",
        host.Arch == "x86_64" ? null : new XAttribute("firmware", "efi"),
        new XElement("type", new XAttribute("arch", host.Arch), new XAttribute("machine", host.Arch == "x86_64" ? "pc" : "virt"), "hvm"),
        new XElement("smbios", new XAttribute("mode", "sysinfo")));

    private static XElement? Cpu(DomainOptions host) => (host.Kvm, host.Arch) switch
    {
        (true, _) => new XElement("cpu", new XAttribute("mode", "host-passthrough")),
        (_, "x86_64") => new XElement("cpu", new XAttribute("mode", "custom"), new XAttribute("match", "exact"), new XElement("model", new XAttribute("fallback", "forbid"), "qemu64")),
        _ => new XElement("cpu", new XAttribute("mode", "maximum")),
    };
}
