using Xunit;

namespace Xiangyun.Testing;

/// <summary>A test of a real engine is skipped on a laptop that lacks it, with the reason; in CI (CI=true) it fails.</summary>
public static class Needs
{
    private static readonly Dictionary<string, (string[] Files, string Packages)> Known = new()
    {
        ["postgres"] = ([PostgresCluster.Program("initdb"), PostgresCluster.Program("postgres")], "postgresql-15"),
        ["qemu-img"] = (["/usr/bin/qemu-img"], "qemu-utils"),
        ["qemu"] = (["/usr/bin/qemu-system-x86_64"], "qemu-system-x86"),
        ["libvirt"] = (["/usr/sbin/libvirtd"], "libvirt-daemon"),
        ["ovn"] = (["/usr/bin/ovn-northd", "/usr/sbin/ovsdb-server"], "ovn-central"),
        ["ldap"] = (["/usr/sbin/slapd", "/usr/sbin/slapadd"], "slapd"),
        ["openid"] = (["/usr/bin/glewlwyd"], "glewlwyd"),
        ["fonts"] = (["/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts-droid-fallback/truetype/DroidSansFallback.ttf"], "fonts-dejavu-core fonts-droid-fallback"),
        ["ipmitool"] = (["/usr/bin/ipmitool"], "ipmitool"),
        ["redfishtool"] = (["/usr/bin/redfishtool"], "redfishtool"),
        ["ovs"] = (["/usr/sbin/ovs-vswitchd"], "openvswitch-switch"),
    };

    public static void That(string engine)
    {
        if (!Known.TryGetValue(engine, out var need)) throw new ArgumentException($"Needs knows no '{engine}'");
        var missing = need.Files.FirstOrDefault(f => !File.Exists(f));
        if (missing is not null) Refuse($"{missing} is not installed: apt-get install {need.Packages}");
    }

    /// <summary>Namespaces, bridges and engines of one's own want root.</summary>
    public static void Root()
    {
        if (Environment.UserName != "root") Refuse("this test needs root");
    }

    /// <summary>Recorded days are not part of the tree: they lie beside it, or where XY_DATA says.</summary>
    public static string Data(string name)
    {
        var root = Environment.GetEnvironmentVariable("XY_DATA");
        for (var at = AppContext.BaseDirectory; root is null && at is not null; at = Path.GetDirectoryName(at))
            if (Directory.Exists(Path.Combine(at, "shared", "data"))) root = Path.Combine(at, "shared", "data");
        var path = Path.Combine(root ?? "shared/data", name);
        if (!Directory.Exists(path)) Refuse($"{path} is not there: put the recorded data beside the tree or set XY_DATA");
        return path;
    }

    private static void Refuse(string why)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail($"{why} (in CI nothing may be skipped)");
        Assert.Skip(why);
    }
}
