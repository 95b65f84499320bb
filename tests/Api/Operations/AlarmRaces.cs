using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Kernel;
using Xiangyun.Operations;
using Xiangyun.Operations.Alarms;
using Xiangyun.Store.Alarms;
using Xiangyun.Testing;

namespace Xiangyun.Api.Operations;

public sealed class AlarmRacesOnSqlite() : AlarmRaces("sqlite");
public sealed class AlarmRacesOnPostgres() : AlarmRaces("postgres");

/// <summary>Several servers look at once while people acknowledge: one open row for each trouble, and no word of anybody is lost.</summary>
public abstract class AlarmRaces(string database) : CloudTests(database)
{
    private AlarmBook Book => Cloud.Services.GetRequiredService<AlarmBook>();

    private static Condition Trouble(string kind, int n, string project, Severity severity = Severity.Minor) => new() { Key = $"{kind}:{n}", Kind = kind, Severity = severity, ObjectKind = "thing", ObjectId = $"{kind}-{n}", ProjectId = project };

    private Task Follow(string kind, params Condition[] told) => Cloud.Database.Write(Actor.System, tx => Book.Follow(tx, told, new HashSet<string> { kind }));

    private Task<List<AlarmRow>> Rows(string kind) => Cloud.Database.Read(q => q.Db<OperationsDb>().Alarms.Where(a => a.Kind == kind).OrderBy(a => a.Id).ToListAsync());

    [Fact]
    public async Task however_many_look_at_once_there_is_one_open_row_for_each_trouble()
    {
        var (member, kind) = (await Cloud.NewProject(), Cloud.Name("race"));
        await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Task.Run(() => Follow(kind, i % 3 == 0 ? [] : [Trouble(kind, 1, member.ProjectId), Trouble(kind, 2, member.ProjectId)]))));
        await Follow(kind, Trouble(kind, 1, member.ProjectId), Trouble(kind, 2, member.ProjectId));
        var rows = await Rows(kind);
        foreach (var key in rows.GroupBy(r => r.Key)) Assert.Single(key, r => r.ClearedAt is null);
        Assert.All(rows, r => Assert.NotNull(r.RaisedAt));
    }

    [Fact]
    public async Task what_people_say_while_it_is_looked_at_stays()
    {
        var (member, kind) = (await Cloud.NewProject(), Cloud.Name("said"));
        Condition[] all = [.. Enumerable.Range(0, 8).Select(n => Trouble(kind, n, member.ProjectId))];
        await Follow(kind, all);
        var ids = (await Rows(kind)).Select(r => r.Id).ToList();
        var until = TimeProvider.System.GetUtcNow().AddHours(2).ToString("O");
        await Task.WhenAll(
        [
            .. Enumerable.Range(0, 12).Select(i => Task.Run(() => Follow(kind, [.. all.Select(c => c with { Values = new Dictionary<string, string> { ["turn"] = $"{i}" } })]))),
            .. ids.Select(async id => (await member.Post($"{AlarmsOf.Own}/alarms/{id}/acknowledge", new { acknowledgement = new { note = id } })).Is(200)),
            .. ids.Take(4).Select(async id => (await member.Post($"{AlarmsOf.Own}/alarms/{id}/silence", new { silence = new { until } })).Is(200)),
        ]);
        var rows = await Rows(kind);
        Assert.All(rows, r => Assert.Equal((r.Id, member.UserId), (r.Note, r.AcknowledgedBy)));
        Assert.Equal(4, rows.Count(r => r.SilencedUntil is not null));
        Assert.Equal(8, rows.Count);
    }

    [Fact]
    public async Task clearing_against_acknowledging_ends_cleared_and_a_new_trouble_is_a_new_alarm_that_keeps_the_silence()
    {
        var (member, kind) = (await Cloud.NewProject(), Cloud.Name("over"));
        await Follow(kind, Trouble(kind, 1, member.ProjectId));
        var id = (await Rows(kind))[0].Id;
        (await member.Post($"{AlarmsOf.Own}/alarms/{id}/silence", new { silence = new { until = TimeProvider.System.GetUtcNow().AddHours(1).ToString("O") } })).Is(200);
        var said = Task.Run(() => member.Post($"{AlarmsOf.Own}/alarms/{id}/acknowledge", new { acknowledgement = new { } }));
        await Task.WhenAll(said, Follow(kind));
        Assert.Contains((await said).Status, new[] { 200, 409 });
        Assert.NotNull((await Rows(kind))[0].ClearedAt);
        await Follow(kind, Trouble(kind, 1, member.ProjectId));
        var rows = await Rows(kind);
        Assert.Equal(2, rows.Count);
        Assert.Equal(rows[0].SilencedUntil, rows[1].SilencedUntil);
        Assert.Null(rows[1].AcknowledgedAt);
    }

    [Fact]
    public async Task what_becomes_worse_wants_somebody_again()
    {
        var (member, kind) = (await Cloud.NewProject(), Cloud.Name("worse"));
        await Follow(kind, Trouble(kind, 1, member.ProjectId));
        var path = $"{AlarmsOf.Own}/alarms/{(await Rows(kind))[0].Id}";
        (await member.Post(path + "/acknowledge", new { acknowledgement = new { } })).Is(200);
        await Follow(kind, Trouble(kind, 1, member.ProjectId));
        Assert.Equal("acknowledged", (string)(await member.Get(path)).Is(200)["alarm"]["state"]!);
        await Follow(kind, Trouble(kind, 1, member.ProjectId, Severity.Critical));
        var now = (await member.Get(path)).Is(200)["alarm"];
        Assert.Equal(("open", "critical"), ((string)now["state"]!, (string)now["severity"]!));
    }

    [Fact]
    public async Task killed_in_between_the_next_server_finds_each_trouble_once()
    {
        await using var cloud = await Cloud.Start(new CloudShape { Database = Cloud.Shape.Database, Hosts = 1, OwnProcess = true });
        try
        {
            var member = await cloud.NewProject();
            var server = await cloud.BrokenServer(member);
            for (var i = 0; i < 3; i++)
            {
                await Task.Delay(i * 150);
                await cloud.KillServer();
                await cloud.StartServer();
            }
            await Wait.For("the alarm is there", () => member.Alarms($"object_id={server}"), all => all.Count > 0, TimeSpan.FromSeconds(180));
            await cloud.KillServer();
            await cloud.StartServer();
            Assert.Single(await member.Alarms($"object_id={server}"));
            (await member.Delete($"/compute/v2.1/servers/{server}")).Is(204);
            await cloud.KillServer();
            await cloud.StartServer();
            await Wait.For("it is over", () => member.Alarms($"object_id={server}&state=cleared"), all => all.Count == 1, TimeSpan.FromSeconds(180));
        }
        finally
        {
            cloud.Folder.NoteResult();
        }
    }
}
