using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Kernel;
using Xiangyun.Placement.Public;
using Xiangyun.Testing;

namespace Xiangyun.Api.Placement;

public sealed class Scale(ITestOutputHelper output)
{
    [Fact]
    public async Task five_thousand_claims_spread_evenly_over_five_hundred_hosts()
    {
        await using var cloud = await Cloud.Start(new CloudShape { Hosts = 500 });
        var book = cloud.Services.GetRequiredService<IAllocations>();
        var admin = cloud.Admin.With("OpenStack-API-Version", "placement 1.29");
        await Wait.Until("every host is a provider", async () => (await admin.Get("/placement/allocation_candidates?resources=VCPU:1")).Is(200)["allocation_requests"].AsArray().Count == 500, TimeSpan.FromMinutes(2));
        var hosts = new Dictionary<string, int>();
        var times = new List<double>();
        for (var n = 0; n < 5000; n++)
        {
            var demand = new Demand { ConsumerId = Id.New(), ProjectId = "p", UserId = "u", Resources = new Dictionary<string, long> { ["VCPU"] = 1, ["MEMORY_MB"] = 512, ["DISK_GB"] = 1 } };
            var since = Stopwatch.GetTimestamp();
            var verdict = await cloud.Database.Write(Actor.System, tx => book.Claim(tx, demand));
            times.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
            hosts[verdict.HostId] = hosts.GetValueOrDefault(verdict.HostId) + 1;
        }
        times.Sort();
        output.WriteLine($"claim: median {times[2500]:F1} ms, 99 % within {times[4950]:F1} ms, worst {times[^1]:F1} ms");
        Assert.Equal((500, 10, 10), (hosts.Count, hosts.Values.Min(), hosts.Values.Max()));
    }
}
