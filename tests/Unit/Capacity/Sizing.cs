using Xiangyun.Approvals.Public;
using Xiangyun.Capacity.Settings;
using Xiangyun.Capacity.Sizing;
using Xiangyun.Capacity.Windows;
using Xiangyun.Compute.Public;
using Xiangyun.Telemetry.Public;

namespace Xiangyun.Unit.Capacity;

/// <summary>Right-sizing: what is advised, what never is.</summary>
public sealed class Sizing
{
    private static readonly PriceList Prices = new("CNY", new Dictionary<string, long> { ["compute.cores"] = 3000, ["compute.ram"] = 2, ["volume.gigabytes"] = 50 });
    private static readonly Policy Policy = new();
    private static readonly List<FlavorView> Flavors = [.. from v in new[] { 1, 2, 4, 8, 16 } from r in new[] { 1, 2, 4, 8 } select new FlavorView($"{v}-{v * r}", $"v{v}r{v * r}", v, v * r * 1024, 20, 0, 0, "{}", null)];

    private static ServerFacts Server(int vcpus, int gib) => new() { Id = "s", Name = "s", ProjectId = "p", Zone = "nova", FlavorId = $"{vcpus}-{gib}", Vcpus = vcpus, RamMib = gib * 1024, DiskGib = 20, Status = "ACTIVE" };

    private static UseProfile Used(double p95, double peak, double? memoryPeak, double days = 30, double? wait = null) =>
        new() { Hours = (int)(days * 24), From = 0, To = 1, P50 = p95 / 2, P95 = p95, P99 = peak, Peak = peak, MemoryPeak = memoryPeak, MemoryP95 = memoryPeak, MemoryP50 = memoryPeak / 2, WaitP95 = wait };

    private static Proposal? Advise(ServerFacts server, UseProfile profile, Policy? policy = null, IReadOnlyList<FlavorView>? flavors = null) => Sizer.Advise(server, profile, flavors ?? Flavors, Prices, policy ?? Policy);

    [Fact]
    public void a_large_calm_server_gets_a_smaller_flavor_that_holds_its_working_set_and_its_peak()
    {
        var advice = Advise(Server(8, 32), Used(10, 20, 20))!;
        Assert.Equal(("2-8", "down", "high"), (advice.To.Id, advice.Kind, advice.Confidence)); // 8 x 20 % = 1.6 vCPU at the peak; 32 GiB x 20 % x 1.25 = 8 GiB
        Assert.Equal(6 * 3000 + 24 * 1024 * 2, advice.Saved);
    }

    [Fact]
    public void whatever_was_measured_a_proposal_holds_the_peak_and_the_memory_with_its_margin_and_another_look_asks_for_nothing_smaller()
    {
        var random = new Random(11);
        var advised = 0;
        for (var n = 0; n < 20_000; n++)
        {
            var now = Flavors[random.Next(Flavors.Count)];
            var p95 = random.NextDouble() * 100;
            var profile = Used(p95, p95 + random.NextDouble() * (100 - p95), random.Next(4) == 0 ? null : random.NextDouble() * 100, 7 + random.Next(24), random.NextDouble() * 8);
            var server = Server(now.Vcpus, now.RamMib / 1024);
            if (Advise(server, profile) is not { } advice) continue;
            advised++;
            Assert.NotEqual(now.Id, advice.To.Id);
            Assert.True(advice.To.Vcpus >= now.Vcpus * profile.Peak / 100 - 1e-6);
            // what it has is never lowered below what it used and the margin; who has less than the margin keeps at least that
            Assert.True(advice.To.RamMib >= Math.Min(now.RamMib, now.RamMib * (profile.MemoryPeak ?? 100) / 100 * 1.25 - 1));
            Assert.True(advice.Saved > 0 || advice.Cpu.Short || advice.Memory.Short);
            if (advice.Kind != "down") continue;
            double Scaled(double percent) => Math.Min(100, percent * now.Vcpus / advice.To.Vcpus);
            double? Memory(double? percent) => percent * now.RamMib / advice.To.RamMib;
            var after = profile with { P95 = Scaled(profile.P95), P99 = Scaled(profile.P99), Peak = Scaled(profile.Peak), MemoryPeak = Memory(profile.MemoryPeak), MemoryP95 = Memory(profile.MemoryP95), WaitP95 = 0 };
            Assert.True(Advise(Server(advice.To.Vcpus, advice.To.RamMib / 1024), after) is null or { Kind: not "down" });
        }
        Assert.InRange(advised, 1000, 20_000);
    }

    [Fact]
    public void nothing_is_advised_on_less_than_the_days_of_samples_that_the_operator_wants()
    {
        Assert.Null(Advise(Server(8, 32), Used(10, 20, 20, days: 6.9)));
        Assert.NotNull(Advise(Server(8, 32), Used(10, 20, 20, days: 6.9), Policy with { LeastDays = 1 }));
        Assert.Null(Advise(Server(8, 32), new UseProfile(), Policy with { LeastDays = 0 }));
        Assert.Equal("low", Advise(Server(8, 32), Used(10, 20, 20, days: 8))!.Confidence);
    }

    [Fact]
    public void a_full_server_one_that_waits_and_one_that_lacks_memory_get_a_larger_one()
    {
        Assert.Equal(("4-4", "up", "full"), (Advise(Server(2, 4), Used(95, 100, 60)) is var full ? (full!.To.Id, full.Kind, full.Cpu.Why) : default));
        Assert.Equal("wait", Advise(Server(2, 4), Used(75, 90, 60, wait: 6))!.Cpu.Why);
        Assert.Null(Advise(Server(2, 4), Used(75, 90, 70, wait: 1)));
        var memory = Advise(Server(4, 4), Used(60, 90, 97))!;
        Assert.Equal(("full", true), (memory.Memory.Why, memory.To.RamMib > 4 * 1024));
        var both = Advise(Server(8, 8), Used(10, 15, 97))!;
        Assert.Equal("change", both.Kind);
        Assert.True(both.To.Vcpus < 8 && both.To.RamMib > 8 * 1024);
    }

    [Fact]
    public void only_flavors_that_the_project_may_use_and_that_are_alike_otherwise_are_proposed()
    {
        var server = Server(8, 32);
        var own = Flavors.Select(f => f.Id == "2-8" ? f with { Projects = new HashSet<string> { "another" } } : f.Id == "8-32" ? f with { ExtraSpecs = "{\"a\":\"b\"}" } : f).ToList();
        Assert.Null(Advise(server, Used(10, 20, 20), flavors: own));
        own = [.. Flavors.Select(f => f.Id == "2-8" ? f with { Projects = new HashSet<string> { "another" } } : f)];
        Assert.NotEqual("2-8", Advise(server, Used(10, 20, 20), flavors: own)!.To.Id);
        Assert.Null(Advise(server, Used(10, 20, 20), flavors: [.. Flavors.Select(f => f.Id == "8-32" ? f : f with { DiskGib = 10 })]));
    }

    [Fact]
    public void what_regresses_after_a_resize_is_told_and_what_is_not_known_yet_is_not()
    {
        const long five = 300_000, began = 100 * five + 1000;
        UsePoint At(int slot, double cpu, double memory = 50) => new(slot * five, cpu, cpu, memory);
        var calm = new[] { At(99, 99), At(100, 99), At(101, 40), At(102, 50), At(103, 45) };
        Assert.Null(Watched.Of(calm, null, began).Regressed(Policy));
        Assert.Equal(3, Watched.Of(calm, null, began).Fives);
        var busy = new[] { At(101, 95), At(102, 97), At(103, 91) };
        Assert.Contains("CPU use 97", Watched.Of(busy, null, began).Regressed(Policy));
        Assert.Null(Watched.Of(busy.Take(2).ToList(), null, began).Regressed(Policy));
        Assert.Contains("memory 96", Watched.Of([At(101, 5), At(102, 5, 96), At(103, 5)], null, began).Regressed(Policy));
        var waits = new UseNow("s", "h", began + five, 2, 1, 0.2, 1024, null, null, null, 0, 0, 0, 0);
        Assert.Contains("CPU wait 10", Watched.Of(calm, waits, began).Regressed(Policy));
        Assert.Null(Watched.Of(calm, waits with { At = began - 1 }, began).Regressed(Policy));
    }

    [Fact]
    public void a_window_opens_by_chinas_clock_and_passes_midnight()
    {
        long At(int day, int hour, int minute) => new DateTimeOffset(2026, 11, day, hour, minute, 0, TimeSpan.FromHours(8)).ToUnixTimeMilliseconds();
        var saturday = new Window(new HashSet<int> { 6 }, 22 * 60, 8 * 60); // 28 November 2026 is a Saturday
        Assert.Equal(0, saturday.Until(At(28, 22, 0)));
        Assert.Equal(0, saturday.Until(At(29, 5, 59)));
        Assert.Equal(60_000, saturday.Until(At(28, 21, 59)));
        Assert.Equal(((6L * 24 + 16) * 60) * 60_000, saturday.Until(At(29, 6, 0)));
        var random = new Random(3);
        for (var n = 0; n < 2000; n++)
        {
            var window = new Window(Enumerable.Range(0, 7).Where(_ => random.Next(2) == 0).DefaultIfEmpty(3).ToHashSet(), random.Next(1440), 1 + random.Next(1440));
            var now = At(1, 0, 0) + random.NextInt64(25L * 86_400_000);
            var wait = window.Until(now);
            Assert.InRange(wait, 0, 8L * 86_400_000);
            Assert.Equal(0, window.Until(now + wait));
            if (wait > 1) Assert.NotEqual(0, window.Until(now + random.NextInt64(wait)));
        }
    }
}
