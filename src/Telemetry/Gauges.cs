using System.Diagnostics.Metrics;

namespace Xiangyun.Telemetry;

/// <summary>The newest samples for Prometheus. One series for each server: names and projects are joined from elsewhere.</summary>
internal sealed class Gauges
{
    public const string Meter = "Xiangyun.Telemetry";

    public Gauges(Memory memory, Swings swings, IMeterFactory meters)
    {
        var meter = meters.Create(Meter);
        IEnumerable<Measurement<double>> Of(Func<Public.UseNow, double?> value) => memory.Newest.Where(u => value(u) is not null).Select(u => new Measurement<double>(value(u)!.Value, new("server", u.Id), new("host", u.HostId)));
        meter.CreateObservableGauge("xiangyun.guest.cpu.busy", () => Of(u => u.CpuBusy), "{cpu}", "processors in use, mean of the last sample");
        meter.CreateObservableGauge("xiangyun.guest.cpu.wait", () => Of(u => u.CpuWait), "{cpu}", "processors that wanted to run and had to wait");
        meter.CreateObservableGauge("xiangyun.guest.memory.used", () => Of(u => u.UsedMib * 1048576.0), "By", "by the guest's own account");
        meter.CreateObservableGauge("xiangyun.guest.disk.read", () => Of(u => u.DiskReadBps), "By/s");
        meter.CreateObservableGauge("xiangyun.guest.disk.write", () => Of(u => u.DiskWriteBps), "By/s");
        meter.CreateObservableGauge("xiangyun.guest.network.in", () => Of(u => u.NetInBps), "By/s");
        meter.CreateObservableGauge("xiangyun.profile.servers", () => swings.Levels().Select(l => new Measurement<int>(l.Count, new KeyValuePair<string, object?>("level", l.Level))), "{server}", "servers whose profile is known, by the mean of their month");
        meter.CreateObservableGauge("xiangyun.profile.swing.groups", () => swings.Groups, "{group}", "groups of servers whose day has the same shape");
        meter.CreateObservableGauge("xiangyun.profile.swing.servers", () => swings.Grouped, "{server}", "servers that belong to such a group");
        meter.CreateObservableGauge("xiangyun.guest.network.out", () => Of(u => u.NetOutBps), "By/s");
    }
}
