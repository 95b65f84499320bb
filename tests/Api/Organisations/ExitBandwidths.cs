using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Xiangyun.Api.Approvals;
using Xiangyun.Api.Identity;
using Xiangyun.Api.Network;
using Xiangyun.Testing;
using static Xiangyun.Api.Network.Neutron;

namespace Xiangyun.Api.Organisations;

public sealed class ExitBandwidthsOnSqlite() : ExitBandwidths("sqlite");
public sealed class ExitBandwidthsOnPostgres() : ExitBandwidths("postgres");

/// <summary>The exit is one line for all: what floating IPs may carry is divided over the tree, and nobody gets round it.</summary>
public abstract class ExitBandwidths(string database) : CloudTests(database)
{
    private const string Exit = "network.exit_bandwidth";

    [Fact]
    public async Task where_the_exit_is_divided_a_floating_ip_needs_a_limit_and_takes_it_from_the_quota()
    {
        var (bureau, manager) = await Cloud.NewDomain();
        var project = await manager.Make("project", new { name = Cloud.Name("site"), domain_id = bureau });
        var member = await Cloud.NewProject("member", project);
        var (outside, ten, twenty, half) = (await Cloud.Outside(), await Policy(10_000), await Policy(20_000), await Policy(5_000, ingress: false));
        var free = await Address(member, outside, null);
        Assert.Contains("1 floating IP(s) there have no bandwidth limit", (await Divide(Cloud.Admin, bureau, 50)).Is(409).Text);
        (await member.Put($"{Root}/floatingips/{free}", new { floatingip = new { qos_policy_id = half } })).Is(200);
        (await Divide(Cloud.Admin, bureau, 50)).Is(409);
        (await member.Put($"{Root}/floatingips/{free}", new { floatingip = new { qos_policy_id = ten } })).Is(200);
        (await Divide(Cloud.Admin, bureau, 50)).Is(200);
        Assert.Equal((10, 40), await Stand(manager, bureau));

        Assert.Contains("network qos policy list", (await New(member, outside, null)).Is(400).Text);
        Assert.Contains("limits both egress and ingress", (await New(member, outside, half)).Is(400).Text);
        (await member.Put($"{Root}/floatingips/{free}", new { floatingip = new { qos_policy_id = (string?)null } })).Is(400);
        var second = await Address(member, outside, twenty);
        Assert.Equal(second, (string?)Assert.Single((await member.Get($"{Root}/floatingips?qos_policy_id={twenty}")).Is(200)["floatingips"].AsArray())!["id"]);
        (await member.Put($"{Root}/floatingips/{free}", new { floatingip = new { qos_policy_id = twenty } })).Is(200);
        Assert.Equal((40, 10), await Stand(manager, bureau));
        Assert.Contains("has 10 left", (await New(member, outside, twenty)).Is(409).Text);
        (await member.Delete($"{Root}/floatingips/{second}")).Is(204);
        Assert.Equal((20, 30), await Stand(manager, bureau));
    }

    [Fact]
    public async Task a_policy_that_becomes_wider_needs_room_wherever_it_is_followed_and_stays_a_limit()
    {
        var (bureau, manager) = await Cloud.NewDomain();
        (await Divide(Cloud.Admin, bureau, 50)).Is(200);
        var projects = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => manager.Make("project", new { name = Cloud.Name("site"), domain_id = bureau })));
        var (outside, policy) = (await Cloud.Outside(), await Policy(10_000));
        foreach (var project in projects) await Address(await Cloud.NewProject("member", project), outside, policy);
        var rules = (await Cloud.Admin.Get($"{Root}/qos/policies/{policy}")).Is(200)["policy"]["rules"]!.AsArray().Select(r => (string)r!["id"]!).ToList();
        Task<Reply> Widen(string rule, int kbps) => Cloud.Admin.Put($"{Root}/qos/policies/{policy}/bandwidth_limit_rules/{rule}", new { bandwidth_limit_rule = new { max_kbps = kbps } });
        (await Widen(rules[0], 26_000)).Is(409); // 2 x 26: each alone would fit
        (await Widen(rules[0], 25_000)).Is(200);
        Assert.Equal((50, 0), await Stand(manager, bureau));
        (await Widen(rules[1], 25_001)).Is(409);
        (await Widen(rules[0], 0)).Is(409);
        Assert.Equal("QosPolicyInUse", (await Cloud.Admin.Delete($"{Root}/qos/policies/{policy}/bandwidth_limit_rules/{rules[1]}")).Is(409).Type());
        Assert.Equal("QosPolicyInUse", (await Cloud.Admin.Delete($"{Root}/qos/policies/{policy}")).Is(409).Type());
        (await Widen(rules[0], 1_001)).Is(200);
        Assert.Equal((20, 30), await Stand(manager, bureau)); // the other direction is the wider one now
    }

    [Fact]
    public async Task it_is_lent_planned_and_asked_for_like_every_other_quota()
    {
        var (bureau, manager) = await Cloud.NewDomain();
        var (other, lends) = await Cloud.NewDomain();
        foreach (var (node, amount) in new[] { (bureau, 10), (other, 30) }) (await Divide(Cloud.Admin, node, amount)).Is(200);
        var project = await manager.Make("project", new { name = Cloud.Name("site"), domain_id = bureau });
        var member = await Cloud.NewProject("member", project);
        var (outside, twenty) = (await Cloud.Outside(), await Policy(20_000));
        (await New(member, outside, twenty)).Is(409);
        var loan = (string)(await manager.Post("/xiangyun/v1/quota-loans",
            new { loan = new { resource = Exit, amount = 15, lender_id = other, borrower_id = bureau, expires_at = TimeProvider.System.GetUtcNow().AddHours(1).ToString("yyyy-MM-ddTHH:mm:ssZ"), reason = "census week" } })).Is(201)["loan"]["id"]!;
        (await lends.Post($"/xiangyun/v1/quota-loans/{loan}/accept")).Is(200);

        object Wish() => new { floatingip = new { floating_network_id = outside, qos_policy_id = twenty } };
        var planned = (await member.Post($"{Root}/floatingips?dry_run=true", Wish())).Is(200);
        var change = planned["quota_change"].AsArray().Single(c => (string)c!["resource"]! == Exit)!;
        Assert.Equal(("Mbit/s", 0, 20, 25, 5), ((string)change["unit"]!, (int)change["used_before"]!, (int)change["used_after"]!, (int)change["left_before"]!, (int)change["left_after"]!));
        (await manager.Rules(bureau, [new { role = "manager", at = "domain" }], [new { resource = Exit, over = 5 }])).Is(200);
        (await New(member, outside, twenty)).Is(403);
        var asked = (await member.Post($"{Asking.Own}/requests", new { request = new { kind = "floating_ip", reason = "the new site", wish = Wish() } })).Is(201)["request"];
        (await manager.Decide(asked)).Is(200);
        await member.Becomes(asked, "done");
        Assert.Equal((20, 5), await Stand(manager, bureau));
    }

    [Fact]
    public async Task sixteen_writers_at_once_never_get_more_than_the_exit_has()
    {
        var (bureau, manager) = await Cloud.NewDomain();
        (await Divide(Cloud.Admin, bureau, 60)).Is(200);
        var department = await manager.Make("project", new { name = Cloud.Name("department"), domain_id = bureau });
        var site = await manager.Make("project", new { name = Cloud.Name("site"), domain_id = bureau, parent_id = department });
        var nodes = new[] { department, site };
        var members = await Task.WhenAll(nodes.Select(n => Cloud.NewProject("member", n)));
        var (outside, policies) = (await Cloud.Outside(), new[] { await Policy(2_000), await Policy(5_000), await Policy(9_000) });
        var rule = (string)(await Cloud.Admin.Get($"{Root}/qos/policies/{policies[0]}")).Is(200)["policy"]["rules"]![0]!["id"]!;
        var (made, done) = (new ConcurrentBag<(int Member, string Id)>(), new ConcurrentDictionary<int, int>());
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async writer =>
        {
            var chance = new Random(writer);
            for (var step = 0; step < 10; step++)
            {
                var reply = chance.Next(6) switch
                {
                    0 => await Divide(manager, nodes[chance.Next(2)], chance.Next(0, 40)),
                    1 => await Cloud.Admin.Put($"{Root}/qos/policies/{policies[0]}/bandwidth_limit_rules/{rule}", new { bandwidth_limit_rule = new { max_kbps = chance.Next(1_000, 8_000) } }),
                    2 when made.TryPeek(out var one) => await members[one.Member].Put($"{Root}/floatingips/{one.Id}", new { floatingip = new { qos_policy_id = policies[chance.Next(3)] } }),
                    _ => await One(chance.Next(2), policies[chance.Next(3)]),
                };
                done.AddOrUpdate(reply.Status, 1, (_, n) => n + 1);
                Assert.True(reply.Status is 200 or 201 or 400 or 409, reply.Text);
            }
        }));
        Assert.True(done.GetValueOrDefault(200) > 0 && done.GetValueOrDefault(201) > 0 && done.GetValueOrDefault(409) > 0, string.Join(", ", done));
        foreach (var node in nodes.Append(bureau))
        {
            var row = await Row(manager, node);
            Assert.True((long)row["left"]! >= 0, row.ToJsonString());
        }
        Assert.InRange((await Stand(manager, bureau)).Used, 1, 60);

        async Task<Reply> One(int member, string policy)
        {
            var reply = await New(members[member], outside, policy);
            if (reply.Status == 201) made.Add((member, (string)reply["floatingip"]["id"]!));
            return reply;
        }
    }

    private async Task<string> Policy(int kbps, bool ingress = true)
    {
        var id = (string)(await Cloud.Admin.Post($"{Root}/qos/policies", new { policy = new { name = Cloud.Name("exit"), shared = true } })).Is(201)["policy"]["id"]!;
        foreach (var direction in ingress ? new[] { "egress", "ingress" } : ["egress"])
            (await Cloud.Admin.Post($"{Root}/qos/policies/{id}/bandwidth_limit_rules", new { bandwidth_limit_rule = new { max_kbps = kbps, direction } })).Is(201);
        return id;
    }

    private static Task<Reply> New(Client who, string outside, string? policy) => who.Post($"{Root}/floatingips", new { floatingip = new { floating_network_id = outside, qos_policy_id = policy } });

    private static async Task<string> Address(Client who, string outside, string? policy)
    {
        var made = (await New(who, outside, policy)).Is(201)["floatingip"];
        Assert.Equal(policy, (string?)made["qos_policy_id"]);
        return (string)made["id"]!;
    }

    private static Task<Reply> Divide(Client by, string node, int amount) => by.Put($"/xiangyun/v1/organisations/{node}/quotas", new { quotas = new Dictionary<string, int> { [Exit] = amount } });

    private static async Task<JsonNode> Row(Client by, string node) => (await by.Get($"/xiangyun/v1/organisations/{node}/quotas")).Is(200)["quotas"].AsArray().Single(r => (string)r!["resource"]! == Exit)!;

    private static async Task<(long Used, long Left)> Stand(Client by, string node)
    {
        var row = await Row(by, node);
        return ((long)row["used"]!, (long)row["left"]!);
    }
}
