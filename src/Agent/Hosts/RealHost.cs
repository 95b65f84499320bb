using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Xiangyun.Agent.Ledger;
using Xiangyun.Agent.MetadataService;
using Xiangyun.Agent.Watching;
using Xiangyun.Engines.Chaos;
using Xiangyun.Engines.Haproxy;
using Xiangyun.Engines.Libvirt;
using Xiangyun.Engines.Process;
using Xiangyun.Engines.QemuImg;

namespace Xiangyun.Agent.Hosts;

/// <summary>Builds the one real host of this process: QEMU through libvirt, disks as files, metadata through haproxy.</summary>
internal static class RealHost
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(60);

    public static AgentHost Build(AgentOptions options, TimeProvider clock, ILogger log)
    {
        Directory.CreateDirectory(options.State);
        var guests = new LibvirtGuests(options.Libvirt, new DomainOptions(Arch(), options.Accelerator == "kvm", options.Offload, Path.Combine(options.State, "run")));
        var disks = new QemuImgDisks(options.State);
        var metadata = new HaproxyMetadata(Path.Combine(options.State, "metadata"), MetadataEndpoint.Socket(options.State), options.Ovs);
        var strike = Strike.Parse(options.Chaos);
        var at = new Workplace
        {
            Host = options.Name,
            Address = options.Address,
            Ledger = new PlanLedger(options.State, slim: false),
            Marks = new Marks(options.State),
            Guests = strike is null ? guests : new ChaosGuests(guests, strike),
            Disks = strike is null ? disks : new ChaosDisks(disks, strike),
            Metadata = strike is null ? metadata : new ChaosMetadata(metadata, strike),
            Chassis = ct => Chassis(options.Ovs, ct),
            Clock = clock,
            Shutdown = options.Shutdown.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Log = log,
            Sampler = new Sampler(guests, clock, options.Sample),
        };
        return new AgentHost(at, options.Grace, Period, parallel: 8) { Id = HostId(options.State) };
    }

    private static string HostId(string state)
    {
        var file = Path.Combine(state, "host-id");
        if (!File.Exists(file)) AtomicFile.Write(file, System.Text.Encoding.ASCII.GetBytes(Kernel.Id.New()), durable: true);
        return File.ReadAllText(file).Trim();
    }

    private static async Task<string> Chassis(string ovs, CancellationToken ct) =>
        (await Run.Output("ovs", "system-id", "ovs-vsctl", ["--db=" + ovs, "--timeout=5", "get", "Open_vSwitch", ".", "external_ids:system-id"], ct)).Trim().Trim('"');

    private static string Arch() => RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => "x86_64",
        Architecture.Arm64 => "aarch64",
        Architecture.LoongArch64 => "loongarch64",
        var other => throw new InvalidOperationException($"The agent does not know how to run guests on {other}."),
    };
}
