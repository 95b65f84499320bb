using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Kernel;
using Xiangyun.Placement.Public;
using Xiangyun.Testing;

namespace Xiangyun.Api.Placement;

/// <summary>Claims in a cloud of their own: 16 writers take and give back at once; nothing is ever over-allocated and the used sums equal the allocations.</summary>
public sealed class Claims
{
    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task sixteen_writers_that_claim_and_release_at_once_keep_the_books(string database)
    {
        if (database == "postgres") Needs.That("postgres");
        await using var cloud = await Cloud.Start(new CloudShape { Database = database, Hosts = 2 });
        var book = cloud.Services.GetRequiredService<IAllocations>();
        var admin = cloud.Admin.With("OpenStack-API-Version", "placement 1.29");
        await Wait.Until("hosts are providers", async () => (await admin.Get("/placement/allocation_candidates?resources=VCPU:1")).Is(200)["allocation_requests"].AsArray().Count == 2);
        var large = (long)(await cloud.Admin.Get("/xiangyun/v1/hosts")).Is(200)["hosts"][0]!["memory_mib"]! / 5;

        var refused = 0;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(writer => Task.Run(async () =>
        {
            var random = new Random(writer);
            var held = new List<string>();
            for (var turn = 0; turn < 15; turn++)
            {
                if (held.Count > 0 && random.Next(3) == 0)
                {
                    var gone = held[random.Next(held.Count)];
                    held.Remove(gone);
                    // Twice at once: a release that is tried again counts once.
                    await Task.WhenAll(cloud.Database.Write(Actor.System, tx => book.Release(tx, gone)), cloud.Database.Write(Actor.System, tx => book.Release(tx, gone)));
                    continue;
                }
                var demand = new Demand { ConsumerId = Id.New(), ProjectId = "p", UserId = "u", Resources = new Dictionary<string, long> { ["VCPU"] = 1, ["MEMORY_MB"] = large } };
                try
                {
                    await cloud.Database.Write(Actor.System, tx => book.Claim(tx, demand));
                    held.Add(demand.ConsumerId);
                }
                catch (CloudError e) when (e.Kind == ErrorKind.NoCapacity)
                {
                    Assert.Contains("MiB are free", e.Message);
                    Interlocked.Increment(ref refused);
                }
            }
        })));

        Assert.NotEqual(0, refused);
        foreach (var provider in (await admin.Get("/placement/resource_providers")).Is(200)["resource_providers"].AsArray())
        {
            var path = $"/placement/resource_providers/{(string)provider!["uuid"]!}";
            var used = (long)(await admin.Get(path + "/usages")).Is(200)["usages"]["MEMORY_MB"]!;
            var sum = (await admin.Get(path + "/allocations")).Is(200)["allocations"].AsObject().Sum(c => (long)c.Value!["resources"]!["MEMORY_MB"]!);
            Assert.Equal(sum, used);
            Assert.InRange(used, 0, large * 5);
        }
    }
}
