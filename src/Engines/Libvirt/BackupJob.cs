using System.Xml.Linq;
using Xiangyun.Engines.Guests;
using Xiangyun.Kernel;

namespace Xiangyun.Engines.Libvirt;

/// <summary>Copies a disk of a running guest as it is at one moment, by QEMU's own backup job.</summary>
internal static class BackupJob
{
    private const int Completed = 3;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    public static async Task Run(Connection connection, string id, string file, string into, CancellationToken ct)
    {
        await connection.Do("copy", c =>
        {
            using var domain = Domain.Need(c, id, "copy");
            var device = domain.View("copy").DeviceOf(file) ?? throw new EngineFault("libvirt", "copy", "the guest does not have that disk", transient: true);
            domain.BeginBackup(Xml(device, into));
            return true;
        }, ct);
        try
        {
            while (await Job(connection, id, completed: false, ct) != 0) await Task.Delay(LookAgain, ct);
        }
        catch (OperationCanceledException)
        {
            await connection.Do("copy", c =>
            {
                using var domain = Domain.Need(c, id, "copy");
                domain.AbortJob();
                return true;
            }, CancellationToken.None);
            throw;
        }
        if (await Job(connection, id, completed: true, ct) != Completed) throw new EngineFault("libvirt", "copy", "the backup job did not complete", transient: true);
    }

    internal static string Xml(string device, string into) => new XElement("domainbackup", new XAttribute("mode", "push"),
        new XElement("disks", new XElement("disk", new XAttribute("name", device), new XAttribute("backup", "yes"), new XAttribute("type", "file"),
            new XElement("driver", new XAttribute("type", "qcow2")), new XElement("target", new XAttribute("file", into))))).ToString(SaveOptions.DisableFormatting);

    private static Task<int> Job(Connection connection, string id, bool completed, CancellationToken ct) => connection.Do("copy", c =>
    {
        using var domain = Domain.Need(c, id, "copy");
        return domain.Job(completed);
    }, ct);
}
