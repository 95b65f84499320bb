using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Engines.Bmc;
using Xiangyun.Fleet.Hosts;
using Xiangyun.Fleet.Power;
using Xiangyun.Kernel;
using Xiangyun.Testing;
using Xiangyun.Testing.Bmc;

namespace Xiangyun.Api.Fleet;

public sealed class BmcsOnSqlite(BmcsOnSqlite.OneCloud one) : Bmcs(one), IClassFixture<BmcsOnSqlite.OneCloud>
{
    public sealed class OneCloud() : BmcCloud("sqlite");
}

public sealed class BmcsOnPostgres(BmcsOnPostgres.OneCloud one) : Bmcs(one), IClassFixture<BmcsOnPostgres.OneCloud>
{
    public sealed class OneCloud() : BmcCloud("postgres");
}

/// <summary>A cloud whose drivers of controllers can be struck.</summary>
public abstract class BmcCloud(string database) : IAsyncLifetime
{
    internal Striking Striking { get; } = new();
    public Cloud Cloud { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (database == "postgres") Needs.That("postgres");
        Cloud = await Cloud.Start(new CloudShape { Database = database, Hosts = 2, Adapt = services => services.AddSingleton(new Around(Striking.Around)) });
    }

    public async ValueTask DisposeAsync()
    {
        if (Cloud is not null) await Cloud.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>A host that is not simulated (and whose agent never answers), switched by the Redfish simulator through everything that stands in between.</summary>
public abstract class Bmcs(BmcCloud one) : IAsyncLifetime
{
    private readonly Striking _striking = one.Striking;
    private readonly Cloud _cloud = one.Cloud;
    private RedfishSimulator _bmc = null!;
    private string _path = "";

    private Client Admin => _cloud.Admin;

    public async ValueTask InitializeAsync()
    {
        _bmc = await RedfishSimulator.Start();
        _path = "/xiangyun/v1/hosts/" + (string)(await Admin.Post("/xiangyun/v1/hosts", new { host = new { name = Cloud.Name("real"), endpoint = "unix:/nowhere/agent.sock" } })).Is(201)["host"]["id"]!;
    }

    public async ValueTask DisposeAsync()
    {
        _cloud.Folder.NoteResult();
        await _bmc.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private object Settings(string? password = RedfishSimulator.Password, string? fingerprint = null, int? port = null) =>
        new { bmc = new { kind = "redfish", address = "127.0.0.1", port = port ?? _bmc.Address.Port, user = RedfishSimulator.User, password, fingerprint = fingerprint ?? _bmc.Fingerprint } };

    private Task<Reply> Switch(string state) => Admin.Put(_path + "/power", new { power = new { state, reason = "test" } });

    /// <summary>Of this host, when a boot may take no time at all.</summary>
    private async Task<List<string>> Alarms()
    {
        var told = new List<Store.Alarms.Condition>();
        foreach (var source in _cloud.Services.GetServices<Store.Alarms.IAlarmSource>().Where(s => s is PowerAlarms or HostAlarms))
            told.AddRange(await _cloud.Database.Read(q => source.Now(q, new Store.Alarms.AlarmLimits(source.Kinds.SelectMany(k => k.Limits).ToDictionary(l => l.Name, _ => 0.0)))));
        return [.. told.Where(c => _path.EndsWith(c.ObjectId, StringComparison.Ordinal)).Select(c => c.Kind)];
    }

    private Task<Reply> Seen(string state) => Wait.For($"its power is seen {state}", () => Admin.Get(_path + "/power"), r => (string)r.Is(200)["power"]["seen"]! == state);

    [Fact, Proves("PUT /xiangyun/v1/hosts/{id}/bmc"), Proves("GET /xiangyun/v1/hosts/{id}/bmc"), Proves("POST /xiangyun/v1/hosts/{id}/bmc/test"), Proves("DELETE /xiangyun/v1/hosts/{id}/bmc")]
    public async Task a_host_is_switched_through_its_controller_which_measures_it()
    {
        Assert.Contains("set its BMC first", (await Switch("off")).Is(409).ToString());
        (await Admin.Put(_path + "/bmc", Settings())).Is(200);
        var test = (await Admin.Post(_path + "/bmc/test", new { })).Is(200)["test"];
        Assert.Equal((true, "off", 7.0), ((bool)test["ok"]!, (string)test["power"]!, (double)test["watts"]!));
        await Seen("off");
        Assert.Empty(_bmc.Machine.Asked); // nobody wished anything yet
        (await Switch("on")).Is(202);
        await Seen("on");
        Assert.Equal("booting", (string)(await Admin.Get(_path)).Is(200)["host"]["power_text"]!);
        await Wait.Until("that it does not answer in time is an alarm", async () => (await Alarms()).Contains("host.not_booted"));
        await Wait.For("its watts are kept", () => Admin.Get(_path + "/bmc"), r => r.Is(200)["bmc"]["watts"] is { } w && (double)w == 182);
        var now = (await Admin.Get("/xiangyun/v1/energy/now")).Is(200)["now"]["hosts"]!.AsArray().Single(h => _path.EndsWith((string)h!["id"]!, StringComparison.Ordinal))!;
        Assert.Equal((182, true, $"{SimulatedMachine.Maker} {SimulatedMachine.Model}"), ((int)(double)now["watts"]!, (bool)now["measured"]!, (string)now["model"]!));
        (await Switch("off")).Is(202);
        await Seen("off");
        Assert.Equal(["on", "shutdown"], _bmc.Machine.Asked);
        Assert.Contains("Switch it on first", (await Admin.Delete(_path + "/bmc")).Is(409).ToString());
        (await Switch("on")).Is(202);
        await Seen("on");
        (await Admin.Delete(_path + "/bmc")).Is(204);
        (await Admin.Get(_path + "/bmc")).Is(404);
    }

    [Fact]
    public async Task a_password_is_never_shown_and_never_sent_to_another_address()
    {
        var set = (await Admin.Put(_path + "/bmc", Settings())).Is(200);
        Assert.True((bool)set["bmc"]["password_set"]!);
        (await Admin.Put(_path + "/bmc", Settings(password: null))).Is(200); // the same once more: kept
        Assert.True((bool)(await Admin.Post(_path + "/bmc/test", new { })).Is(200)["test"]["ok"]!);
        (await Admin.Put(_path + "/bmc", Settings(password: null, port: 1))).Is(400);
        (await Admin.Put(_path + "/bmc", Settings(password: null, fingerprint: new string('0', 64)))).Is(400);
        var everywhere = set.ToString() + (await Admin.Get(_path + "/bmc")) + (await _cloud.Auditor.Get($"/xiangyun/v1/audit/records?object={_path[^36..]}")).Is(200);
        Assert.DoesNotContain(RedfishSimulator.Password, everywhere);
        Assert.DoesNotContain("sealed", everywhere);
    }

    [Fact]
    public async Task what_is_wrong_with_a_controller_is_told_and_kept()
    {
        (await Admin.Put(_path + "/bmc", Settings(password: "wrong-password"))).Is(200);
        var test = (await Admin.Post(_path + "/bmc/test", new { })).Is(200)["test"];
        Assert.False((bool)test["ok"]!);
        Assert.Contains("refuses the user", (string)test["error"]!);
        await Wait.For("its fault is kept", () => Admin.Get(_path), r => ((string?)r.Is(200)["host"]["power_fault"])?.Contains("refuses the user") == true);
        var looked = await Alarms(); // nobody wanted it switched: only the look failed
        Assert.Contains("host.bmc", looked);
        Assert.DoesNotContain("host.power", looked);
        (await Switch("on")).Is(202);
        await Wait.Until("that it could not be switched is told as such", async () => await Alarms() is var all && all.Contains("host.power") && !all.Contains("host.bmc"));
    }

    [Fact]
    public async Task whoever_switches_at_the_machine_is_seen_and_not_undone()
    {
        (await Admin.Put(_path + "/bmc", Settings())).Is(200);
        (await Switch("on")).Is(202);
        await Seen("on");
        _bmc.Machine.Press("force");
        await _cloud.Database.Write(Actor.System, tx => { tx.Wake(PowerReconciler.WorkKind, _path[^36..]); return Task.CompletedTask; });
        await Seen("off");
        Assert.Contains("host.switched_by_hand", await Alarms());
        Assert.Equal("off, not by the cloud", (string)(await Admin.Get(_path)).Is(200)["host"]["power_text"]!);
        Assert.Equal(["on", "force"], _bmc.Machine.Asked);
        (await Switch("on")).Is(202); // a new wish counts
        await Seen("on");
    }

    [Theory]
    [InlineData("""{"bmc": {"kind": "carrier-pigeon", "address": "10.0.0.1"}}""")]
    [InlineData("""{"bmc": {"kind": "redfish", "address": "10.0.0.1", "user": "u"}}""")]
    [InlineData("""{"bmc": {"kind": "redfish", "address": "10.0.0.1", "user": "u", "password": "p", "fingerprint": "abc"}}""")]
    [InlineData("""{"bmc": {"kind": "redfish", "address": "no host", "user": "u", "password": "p"}}""")]
    [InlineData("""{"bmc": {"kind": "ipmi", "address": "10.0.0.1", "user": "u", "password": "p", "system": "1"}}""")]
    [InlineData("""{"bmc": {"kind": "wake-on-lan", "mac": "52:54:00:12:34"}}""")]
    [InlineData("""{"bmc": {"kind": "wake-on-lan", "mac": "52:54:00:12:34:56", "address": "bmc.example"}}""")]
    public async Task settings_without_sense_are_refused(string body) => (await Admin.Put(_path + "/bmc", System.Text.Json.Nodes.JsonNode.Parse(body)!)).Is(400);

    [Fact]
    public async Task a_simulated_host_needs_no_controller()
    {
        var id = (string)(await Admin.Get("/xiangyun/v1/hosts?simulated=true&limit=1")).Is(200)["hosts"][0]!["id"]!;
        (await Admin.Put($"/xiangyun/v1/hosts/{id}/bmc", Settings())).Is(409);
    }

    [Fact]
    public async Task whichever_call_of_the_driver_fails_the_power_ends_as_wanted()
    {
        (await Admin.Put(_path + "/bmc", Settings())).Is(200);
        await Seen("off");
        for (var (n, on) = (1, true); ; n++, on = !on)
        {
            _striking.At(n);
            (await Switch(on ? "on" : "off")).Is(202);
            await Seen(on ? "on" : "off");
            Assert.Equal(on, _bmc.Machine.On);
            if (_striking.Struck) continue;
            Assert.InRange(n, 4, 40); // look, ask, look: each of them was struck, before and after it acted; looks of the watch come between
            break;
        }
    }
}

/// <summary>Throws once, at the n-th moment: before or after a call of the driver acts.</summary>
internal sealed class Striking
{
    private int _left;

    public bool Struck { get; private set; }

    public void At(int n) => (_left, Struck) = (n, false);

    public IBmc Around(IBmc inner) => new Struckable(inner, this);

    private void Moment()
    {
        if (_left == 0 || Interlocked.Decrement(ref _left) != 0) return;
        Struck = true;
        throw new EngineFault("chaos", "strike", "struck", transient: true);
    }

    private sealed class Struckable(IBmc inner, Striking by) : IBmc
    {
        public async Task<BmcSeen> Look(CancellationToken ct)
        {
            by.Moment();
            var seen = await inner.Look(ct);
            by.Moment();
            return seen;
        }

        public async Task Ensure(PowerWish wish, CancellationToken ct)
        {
            by.Moment();
            await inner.Ensure(wish, ct);
            by.Moment();
        }

        public void Dispose() => inner.Dispose();
    }
}
