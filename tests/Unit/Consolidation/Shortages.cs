using Xiangyun.Compute.Public;
using Xiangyun.Consolidation.Making;
using Xiangyun.Consolidation.Plans;
using Xiangyun.Consolidation.Policies;
using Xiangyun.Fleet.Public;
using Xiangyun.Optimizer.Public;
using Xiangyun.Telemetry;
using Xiangyun.Telemetry.Public;

namespace Xiangyun.Unit.Consolidation;

/// <summary>How long hosts really were short, and what the next plan of the running cloud makes of it.</summary>
public sealed class Shortages
{
    private const long Start = 1_795_000_200_000 / Ring.Daily * Ring.Daily;
    private static readonly Tuning Aim = Tuning.Named("consolidate")!;

    private static Shortage Days(int hosts, double part, int hours = 48) => Shortage.Of(Enumerable.Range(0, hosts).Select(_ => (IReadOnlyList<ShortHour>)[.. Enumerable.Range(0, hours).Select(h => new ShortHour(Start + h * Ring.Hour, 1, part))]));

    [Fact]
    public void a_ring_of_a_host_tells_by_the_hour_for_how_long_it_was_short()
    {
        var ring = new Ring();
        for (var n = 0; n < 2 * 120 + 10; n++) ring.Take(Start + n * 30_000, 50, 10, n < 60 || n >= 240 ? Ring.Short : 0); // half an hour, none, and five minutes of an hour under way
        var hours = Ring.Read(ring.Write())!.OfShort(); // the five minutes under way are not written down as waiting
        Assert.Equal([(Start, 1.0), (Start + Ring.Hour, 1.0)], hours.Select(h => (h.At, h.Seen)));
        Assert.InRange(hours[0].Short, 0.47, 0.53);
        Assert.Equal(0, hours[1].Short);
        var now = ring.OfShort();
        Assert.Equal((Start + 2 * Ring.Hour, 1.0), (now[^1].At, now[^1].Short));
        Assert.Equal(1 / 12.0, now[^1].Seen, 6);
        Assert.Empty(new Ring().OfShort());
    }

    [Fact]
    public void the_record_is_of_the_last_two_days_and_of_hosts_that_carried_servers()
    {
        var old = Enumerable.Range(0, 100).Select(h => new ShortHour(Start + h * Ring.Hour, 1, h < 52 ? 1 : 0.1)).ToList();
        var record = Shortage.Of([old, [new ShortHour(Start + 99 * Ring.Hour, 0.5, 1)], []]);
        Assert.Equal(48, record.Hours.Count);
        Assert.Equal((1.5, 0.6), record.Hours[^1]);
        Assert.Equal(100 * (48 * 0.1 + 0.5) / 48.5, record.Percent!.Value, 6);
        Assert.Null(Shortage.Unknown.Percent);
    }

    [Fact]
    public void risk_is_allowed_as_the_replays_pace_allows_it()
    {
        var pace = new Pace(Aim);
        for (var i = 0; i < 48 * 12; i++) pace.Note(3, 3 * 0.002);
        Assert.Equal(pace.Now(3).MeanSoon, Days(3, 0.002).After(Aim, 3).MeanSoon, 12);
        Assert.Equal(Aim.MeanSoon * 0.3, Days(3, 0.05).After(Aim, 3).MeanSoon, 12);
        Assert.Equal(Aim.MeanSoon * 3, Days(3, 0).After(Aim, 3).MeanSoon, 12);
        Assert.Equal(Aim.MeanSoon, Shortage.Unknown.After(Aim, 3).MeanSoon);
        foreach (var aim in new[] { "energy", "balance", "relieve" }) Assert.Equal(Tuning.Named(aim), Days(3, 0.05).After(Tuning.Named(aim)!, 3));
    }

    [Fact]
    public void a_cluster_whose_hosts_were_short_keeps_more_of_them_in_use_and_the_plan_says_why()
    {
        var (quiet, shy) = (Plan(Days(12, 0)), Plan(Days(12, 0.02)));
        Assert.True(shy.Gain!.HostsUsedAfter > quiet.Gain!.HostsUsedAfter, $"{shy.Gain.HostsUsedAfter} against {quiet.Gain.HostsUsedAfter}");
        Assert.Equal(new Watched(48, 2, 0.085, 0.3), shy.Evidence!.Shortage);
        Assert.Equal(new Watched(48, 0, 0.085, 3), quiet.Evidence!.Shortage);
        Assert.Contains("\"risk_factor\":0.3", shy.Body());
    }

    /// <summary>Twelve hosts of eight processors, two servers on each that jump now and then.</summary>
    private static Proposal Plan(Shortage shortage)
    {
        const int Count = 12, Servers = 2 * Count;
        var chance = new Random(7);
        var profiles = new Profiles(Servers);
        for (var step = 0; step < 200; step++) profiles.Observe([.. Enumerable.Range(0, Servers).Select(_ => (sbyte)(chance.Next(40) == 0 ? 70 : chance.Next(5, 15)))]);
        var hosts = Enumerable.Range(0, Count).Select(i => new HostView { Id = $"h{i}", Name = $"h{i:00}", Alive = true, Enabled = true, Vcpus = 8, MemoryMib = 65_536 }).ToList();
        var servers = Enumerable.Range(0, Servers).Select(i => new PlacedServer($"s{i}", $"s{i}", "p", $"h{i / 2}", 4, 2048, 10, "ACTIVE", null, null, null)).ToList();
        var state = new State([.. hosts.Select(h => new HostShape(h.Name, 8, EstateReader.Mips, h.MemoryMib, 10, [.. Enumerable.Range(0, 11).Select(i => 60 + h.Vcpus * (1 + 0.3 * i))]))], [.. servers.Select(s => new VmShape(s.Name, 4 * EstateReader.Mips, s.RamMib) { Cores = 4 })], [.. servers.Select((_, i) => i / 2)], RamBinds: true);
        var estate = new Estate("nova", state, profiles, hosts, servers, new Dictionary<int, string>(), [.. servers.Select(_ => 0.4)], new Xiangyun.Consolidation.Making.Evidence(null, null, 200, Servers, Servers), shortage);
        return PlanMaker.Of(estate, new Policy { Aim = "consolidate" }, "consolidate", PlanKinds.Plan, "operator");
    }
}
