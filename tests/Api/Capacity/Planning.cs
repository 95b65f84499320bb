using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Capacity.Forecasting;
using Xiangyun.Kernel;
using Xiangyun.Store.Alarms;
using Xiangyun.Testing;

namespace Xiangyun.Api.Capacity;

public sealed class PlanningOnSqlite() : Planning("sqlite");
public sealed class PlanningOnPostgres() : Planning("postgres");

/// <summary>What is left, for how long, and what would be if.</summary>
public abstract class Planning(string database) : CloudTests(database)
{
    private const string Own = Loads.Own;

    [Fact, Proves("GET /xiangyun/v1/capacity/forecast"), Proves("GET /xiangyun/v1/capacity/growth")]
    public async Task a_year_of_days_gives_days_left_with_the_error_of_the_method_and_a_week_does_not()
    {
        await Cloud.Wake("capacity.day", "cloud");
        var now = await Wait.For("the day is looked at", async () => (await Cloud.Admin.Get(Own + "/forecast?zone=cloud")).Is(200)["forecast"].AsArray(), f => f.Any(c => (string)c!["resource"]! == "ram_mib" && (long)c["capacity"]! > 0));
        Assert.False((bool)now.First(c => (string)c!["resource"]! == "vcpus")!["enough"]!);
        Assert.True((long)now.First(c => (string)c!["resource"]! == "ram_mib")!["capacity"]! > 0);
        var zone = Cloud.Name("zone");
        await Cloud.Database.Write(Actor.System, tx =>
        {
            var (random, today) = (new Random(1), DaySurvey.Today(tx.Now));
            tx.Db<Xiangyun.Capacity.CapacityDb>().AddRange(Enumerable.Range(0, 365).Select(d => new DayRow { Zone = zone, Resource = "vcpus", Day = today - 365 + d, Physical = 1000, Capacity = 4000, Allocated = 1000 + 5 * d + random.Next(20), Used = 300, Looks = 24 }));
            return Task.CompletedTask;
        });
        var course = (await Cloud.Admin.Get($"{Own}/forecast?zone={zone}&resource=vcpus")).Is(200)["forecast"].AsArray().Single()!;
        Assert.InRange((int)course["days_left"]!["p50"]!, 220, 250); // (4000 - 2830) / 5
        Assert.True((int)course["days_left"]!["p10"]! <= (int)course["days_left"]!["p50"]!);
        Assert.InRange((double)course["back_test"]!["coverage_percent"]!, 50, 100);
        Assert.InRange((double)course["back_test"]!["mape_percent"]!, 0, 5);
        Assert.Equal((365, 365), (course["fan"]!.AsArray().Count, course["history"]!.AsArray().Count));
        var alarms = Cloud.Services.GetServices<IAlarmSource>().Single(s => s.Kinds.Any(k => k.Name == "capacity.days_left"));
        AlarmLimits Limits(double minor) => new(new Dictionary<string, double> { ["capacity.days_left.minor_days"] = minor, ["capacity.days_left.major_days"] = 30 });
        Assert.DoesNotContain(await Cloud.Database.Read(q => alarms.Now(q, Limits(90))), c => c.ObjectId == zone);
        var alarm = (await Cloud.Database.Read(q => alarms.Now(q, Limits(365)))).Single(c => c.ObjectId == zone);
        Assert.Equal((Severity.Minor, course["days_left"]!["p50"]!.ToString()), (alarm.Severity, alarm.Values["days"]));
        (await Cloud.Admin.Get(Own + "/forecast?zone=moon")).Is(404);
        (await Cloud.Admin.Get(Own + "/forecast?resource=moon")).Is(400);
        (await (await Cloud.NewProject()).Get(Own + "/forecast")).Is(403);
        Assert.NotNull((await Cloud.Admin.Get(Own + "/growth")).Is(200)["growth"]);
    }

    [Fact, Proves("POST /xiangyun/v1/capacity/what-if")]
    public async Task what_if_tells_what_fits_what_is_stranded_and_changes_nothing()
    {
        var flavor = await Cloud.NewFlavor(2, 1024);
        var hosts = (await Cloud.Admin.Get("/xiangyun/v1/hosts?limit=1000")).Is(200)["hosts"].AsArray();
        var answer = (await Cloud.Admin.Post(Own + "/what-if", new { what_if = new { add = new[] { new { flavor_id = flavor, count = 3 } }, lose = new[] { (string)hosts[0]!["id"]! }, buy = new[] { new { count = 2, vcpus = 64, memory_mib = 262_144 } }, overcommit = new { cpu = 2.0 } } })).Is(200)["outcome"];
        Assert.Equal((3, 3), ((int)answer["added"]![0]!["wanted"]!, (int)answer["added"]![0]!["fits"]!));
        Assert.Equal((int)answer["before"]!["hosts"]! + 1, (int)answer["after"]!["hosts"]!);
        Assert.NotNull(answer["n_plus_1"]!["after"]!["held"]);
        var nothing = (await Cloud.Admin.Post(Own + "/what-if", new { what_if = new { } })).Is(200)["outcome"];
        Assert.Equal(nothing["before"]!.ToJsonString(), nothing["after"]!.ToJsonString());
        (await Cloud.Admin.Post(Own + "/what-if", new { what_if = new { add = new[] { new { flavor_id = "moon", count = 1 } } } })).Is(400);
        (await Cloud.Admin.Post(Own + "/what-if", new { what_if = new { lose = new[] { "moon" } } })).Is(400);
        (await Cloud.Admin.Post(Own + "/what-if", new { what_if = new { overcommit = new { cpu = 0 } } })).Is(400);
        (await (await Cloud.NewProject("manager")).Post(Own + "/what-if", new { what_if = new { } })).Is(403);
    }

    [Fact, Proves("GET /xiangyun/v1/capacity/utilisation")]
    public async Task the_use_by_organisation_is_told_to_those_whose_it_is_and_exported()
    {
        var who = await Cloud.NewProject();
        var id = (string)(await who.Post("/compute/v2.1/servers", Errands.ServerBody("used", await Cloud.NewFlavor(4, 1024), await Cloud.NewImage(), await who.NewNetwork()))).Is(202)["server"]["id"]!;
        await who.Settled(id);
        Cloud.Remember(id, Loads.Past(10, 25, 50));
        var mine = (await who.Get(Own + "/utilisation?by=project")).Is(200)["utilisation"].AsArray().Single()!;
        Assert.Equal((who.ProjectId, 4, 25.0, 25.0, 50.0), ((string)mine["organisation_id"]!, (int)mine["vcpus"]!, (double)mine["cpu_percent"]!["avg"]!, (double)mine["cpu_percent"]!["p95"]!, (double)mine["memory_percent"]!["peak"]!));
        var csv = (await who.Get(Own + "/utilisation?by=project&format=csv")).Is(200);
        Assert.Contains($"{who.ProjectId},", csv.Text);
        Assert.Equal("text/csv; charset=utf-8", csv.Header("Content-Type"));
        Assert.NotEmpty((await Cloud.Admin.Get(Own + "/utilisation")).Is(200)["utilisation"].AsArray());
        (await who.Get(Own + "/utilisation?by=moon")).Is(400);
    }
}
