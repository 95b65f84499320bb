using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Energy;
using Xiangyun.Energy.Counting;
using Xiangyun.Kernel;
using Xiangyun.Reconcile;
using Xiangyun.Testing;

namespace Xiangyun.Api.Energy;

public sealed class EnergyOnSqlite() : Energy("sqlite");
public sealed class EnergyOnPostgres() : Energy("postgres");

public abstract class Energy(string database) : CloudTests(database)
{
    private const long Hour = Moments.Hour;

    [Fact, Proves("GET /xiangyun/v1/energy"), Proves("GET /xiangyun/v1/energy/now")]
    public async Task every_host_is_counted_by_its_estimate_and_the_cloud_is_the_sum()
    {
        var counter = Cloud.Services.GetServices<IReconciler>().OfType<Counter>().Single();
        await counter.Reconcile(Counter.Everything, TestContext.Current.CancellationToken);
        await Task.Delay(200, TestContext.Current.CancellationToken);
        await counter.Reconcile(Counter.Everything, TestContext.Current.CancellationToken);
        var now = (await Cloud.Admin.Get("/xiangyun/v1/energy/now")).Is(200)["now"];
        var hosts = now["hosts"]!.AsArray();
        Assert.All(hosts.Where(h => (bool)h!["alive"]!), h => Assert.True((double)h!["watts"]! >= 46.85 * 64 - 1 && !(bool)h["measured"]!));
        var cloud = (await Cloud.Admin.Get("/xiangyun/v1/energy")).Is(200)["energy"]["series"]!.AsArray().Single()!;
        Assert.True((double)cloud["kwh"]! > 0);
        Assert.Equal(0, (double)cloud["measured_percent"]!);
        Assert.True((double)cloud["points"]!.AsArray()[^1]![3]! is > 0 and < 1, $"of the hour under way a part was counted: {cloud["points"]!.AsArray()[^1]!.ToJsonString()}");
        var energy = (await Cloud.Admin.Get("/xiangyun/v1/energy")).Is(200)["energy"];
        Assert.True((long)energy["counted_to"]! > 0 && (double)energy["counted_seconds"]! >= 0);
        var each = (await Cloud.Admin.Get("/xiangyun/v1/energy?by=host")).Is(200)["energy"]["series"]!.AsArray();
        Assert.Equal((double)cloud["kwh"]!, each.Sum(h => (double)h!["kwh"]!), 0.01);
    }

    [Fact]
    public async Task hours_of_months_are_told_by_day_and_by_bureau_with_what_nobody_used()
    {
        var member = await Cloud.NewProject();
        // January of 2026 in this cloud: nobody else counts there.
        var first = Moments.First(202601);
        await Cloud.Database.Write(Actor.System, tx =>
        {
            Hours Of(double a, double b, double measured) { var h = new Hours(); h.Set(1, a, measured); h.Set(30, b, measured); return h; }
            tx.Db<EnergyDb>().AddRange(new MonthRow { Kind = MonthRow.Cloud, Id = MonthRow.All, Month = 202601, Data = Of(3000, 1000, 0.5).Write() }, new MonthRow { Kind = MonthRow.Project, Id = member.ProjectId, Month = 202601, Data = Of(1000, 0, 1).Write() });
            return Task.CompletedTask;
        });
        try
        {
            var days = (await Cloud.Admin.Get($"/xiangyun/v1/energy?points=day&from={first * Hour}&to={(first + 48) * Hour}")).Is(200)["energy"]["series"]!.AsArray().Single()!;
            Assert.Equal((4, 50, 2), ((double)days["kwh"]!, (double)days["measured_percent"]!, days["points"]!.AsArray().Count));
            Assert.Equal((3, 1), ((double)days["points"]![0]![1]!, (double)days["points"]![0]![3]!)); // one hour of that day is known
            Assert.Equal(Math.Round(4 * 1.5 * 0.7, 2), (double)days["cost"]!, 6);
            var bureaus = (await Cloud.Admin.Get("/xiangyun/v1/energy?by=bureau&from=2026-01-01T00:00:00Z&to=2026-01-03T00:00:00Z")).Is(200)["energy"]["series"]!.AsArray();
            Assert.Equal([("", 3.0), ("default", 1.0)], bureaus.Select(b => ((string?)b!["id"] ?? "", (double)b["kwh"]!)));
            Assert.Empty((await Cloud.Admin.Get("/xiangyun/v1/energy?from=2026-01-03T00:00:00Z&to=2026-01-04T00:00:00Z")).Is(200)["energy"]["series"]!.AsArray());
        }
        finally
        {
            await Cloud.Database.Write(Actor.System, tx => tx.Db<EnergyDb>().Months.Where(m => m.Month == 202601).ExecuteDeleteAsync());
        }
    }

    [Theory]
    [InlineData("by=rack")]
    [InlineData("points=second")]
    [InlineData("from=yesterday")]
    [InlineData("from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z")]
    [InlineData("from=2020-01-01T00:00:00Z")]
    public async Task a_question_without_sense_is_refused(string query) => (await Cloud.Admin.Get("/xiangyun/v1/energy?" + query)).Is(400);

    [Fact, Proves("GET /xiangyun/v1/energy/settings"), Proves("PUT /xiangyun/v1/energy/settings")]
    public async Task settings_are_kept_and_checked()
    {
        var before = (await Cloud.Admin.Get("/xiangyun/v1/energy/settings")).Is(200)["settings"];
        Assert.Equal(67.5, (double)before["watts_per_core"]![10]!);
        var after = (await Cloud.Admin.Put("/xiangyun/v1/energy/settings", new { settings = new { currency = "CNY", models = new Dictionary<string, double[]> { ["Maker X1"] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] } } })).Is(200)["settings"];
        Assert.Equal(11, (double)after["models"]!["Maker X1"]![10]!);
        foreach (var wrong in new object[] { new { pue = 0.5 }, new { watts_per_core = new[] { 1, 2 } }, new { watts_per_core = new[] { 2, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11 } }, new { colour = "green" }, new { price_per_kwh = "cheap" } })
            (await Cloud.Admin.Put("/xiangyun/v1/energy/settings", new { settings = wrong })).Is(400);
    }

    [Fact]
    public async Task energy_is_the_operators_business()
    {
        var member = await Cloud.NewProject();
        (await member.Get("/xiangyun/v1/energy")).Is(403);
        (await member.Get("/xiangyun/v1/energy/now")).Is(403);
        (await member.Put("/xiangyun/v1/energy/settings", new { settings = new { pue = 2 } })).Is(403);
    }
}
