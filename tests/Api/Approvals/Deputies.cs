using Microsoft.EntityFrameworkCore;
using Xiangyun.Api.Identity;
using Xiangyun.Approvals;
using Xiangyun.Kernel;
using Xiangyun.Testing;

namespace Xiangyun.Api.Approvals;

public sealed class DeputiesOnSqlite() : Deputies("sqlite");
public sealed class DeputiesOnPostgres() : Deputies("postgres");

/// <summary>When the one who should decide does not: a deputy may, and after its time the manager above.</summary>
public abstract class Deputies(string database) : CloudTests(database)
{
    [Fact]
    public async Task a_deputy_decides_in_the_managers_stead_and_nobody_else_does()
    {
        var asker = await Cloud.NewProject();
        var (manager, deputy, other) = (await Cloud.NewUser(asker, "manager"), await Cloud.NewUser(asker, "reader"), await Cloud.NewUser(asker, "member"));
        (await manager.Rules(asker.ProjectId, [new { user_ids = new[] { manager.UserId }, deputies = new[] { deputy.UserId } }])).Is(200);
        var request = (await asker.AskVolume()).Is(201)["request"];
        (await other.Decide(request)).Is(404);
        (await deputy.Decide(request)).Is(200);
        await asker.Becomes(request, "done");
    }

    [Fact]
    public async Task what_waits_too_long_is_overdue_and_each_full_time_lets_whoever_manages_one_node_further_up_decide()
    {
        var (bureau, chief) = await Cloud.NewDomain();
        var department = await chief.Make("project", new { name = Cloud.Name("department"), domain_id = bureau });
        var system = await chief.Make("project", new { name = Cloud.Name("system"), domain_id = bureau, parent_id = department });
        var (asker, head, manager) = (await Cloud.NewProject("member", system), await Cloud.NewProject("manager", department), await Cloud.NewProject("manager", system));
        (await manager.Rules(system, [new { user_ids = new[] { Id.New() }, due_hours = 2, escalate = true }])).Is(200);
        var request = (await asker.AskVolume()).Is(201)["request"];
        (await head.Decide(request)).Is(403); // who manages above sees it, and does not decide yet
        await Waited(request, hours: 1);
        (await head.Decide(request)).Is(403);
        await Waited(request, hours: 3);
        Assert.True((bool)(await asker.Get($"{Asking.Own}/requests/{(string)request["id"]!}")).Is(200)["request"]["overdue"]!);
        (await manager.Decide(request)).Is(403); // it goes upward only
        (await head.Decide(request)).Is(200);
        await asker.Becomes(request, "done");
    }

    private Task Waited(System.Text.Json.Nodes.JsonNode request, int hours)
    {
        var (id, since) = ((string)request["id"]!, TimeProvider.System.Ms() - hours * 3_600_000L);
        return Cloud.Database.Write(Actor.System, tx => tx.Db<ApprovalsDb>().Requests.Where(r => r.Id == id).ExecuteUpdateAsync(s => s.SetProperty(r => r.StepSince, since)));
    }
}
