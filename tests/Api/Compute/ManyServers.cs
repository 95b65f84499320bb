using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute;
using Xiangyun.Compute.Servers;
using Xiangyun.Kernel;
using Xiangyun.Testing;

namespace Xiangyun.Api.Compute;

public sealed class ManyServersOnSqlite() : ManyServers("sqlite");
public sealed class ManyServersOnPostgres() : ManyServers("postgres");

/// <summary>A project with five thousand servers: rows that are copies of one, because only what a list costs is asked.</summary>
public abstract class ManyServers(string database) : CloudTests(database)
{
    private const string Nova = "/compute/v2.1";

    [Fact]
    public async Task a_list_of_five_thousand_is_filtered_sorted_and_paged_without_being_read_whole()
    {
        var who = (await Cloud.NewProject()).With("OpenStack-API-Version", "compute 2.93");
        var image = (string)(await who.Post("/image/v2/images", new { name = Cloud.Name("i"), disk_format = "raw", container_format = "bare" })).Is(201)["id"]!;
        (await who.Send(HttpMethod.Put, $"/image/v2/images/{image}/file", new byte[4096], "application/octet-stream")).Is(204);
        var flavor = (string)(await Cloud.Admin.Post($"{Nova}/flavors", new { flavor = new { name = Cloud.Name("f"), ram = 64, vcpus = 1, disk = 1 } })).Is(200)["flavor"]["id"]!;
        var id = (string)(await who.Post($"{Nova}/servers", new { server = new { name = "first", imageRef = image, flavorRef = flavor, networks = "none" } })).Is(202)["server"]["id"]!;
        await Cloud.Database.Write(Actor.System, async tx =>
        {
            var db = tx.Db<ComputeDb>();
            var row = await db.Servers.SingleAsync(s => s.Id == id);
            for (var n = 1; n <= 5000; n++)
            {
                var copy = db.Entry((ServerRow)db.Entry(row).CurrentValues.ToObject());
                (copy.Property(nameof(ServerRow.Id)).CurrentValue, copy.Property(nameof(ServerRow.Name)).CurrentValue, copy.Property(nameof(ServerRow.HostId)).CurrentValue) = (Id.New(), $"Web-{n:0000}-门户", null);
                copy.State = EntityState.Added;
            }
        });
        var times = new List<double>();
        foreach (var (filter, found) in new[] { ("name=web-12", 20), ("name=门户&sort_key=display_name&sort_dir=desc", 20), ("name=WEB-0007", 1), ("name=nothing", 0), ("name=web-.*7-门户$", 20), ("status=ERROR", 0) })
            for (var tries = 0; tries < 5; tries++)
            {
                var began = Stopwatch.GetTimestamp();
                var page = (await who.Get($"{Nova}/servers/detail?limit=20&{filter}")).Is(200)["servers"].AsArray();
                if (tries > 0) times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                Assert.Equal(found, page.Count);
            }
        times.Sort();
        TestContext.Current.SendDiagnosticMessage($"a filtered page of 5 000 servers ({(Cloud.Database.IsPostgres ? "PostgreSQL" : "SQLite")}): {times[times.Count / 2]:0} ms (median of {times.Count}), {times[^1]:0} ms at most");
        Assert.InRange(times[times.Count / 2], 0, 200);
    }
}
