using System.Text.Json.Nodes;
using Xiangyun.Api.Identity;
using Xiangyun.Testing;

namespace Xiangyun.Api.Organisations;

public sealed class QuotaPictureOnSqlite() : QuotaPicture("sqlite");
public sealed class QuotaPictureOnPostgres() : QuotaPicture("postgres");

/// <summary>What a picture of the quota tree is told, and that its bounds are the rule itself.</summary>
public abstract class QuotaPicture(string database) : CloudTests(database)
{
    private const string Disk = "volume.gigabytes";

    private static Task<Reply> Divide(Client by, string node, long? amount) => by.Put($"/xiangyun/v1/organisations/{node}/quotas", new { quotas = new Dictionary<string, long?> { [Disk] = amount } });

    private static async Task<JsonNode> Node(Client by, string top, string id) => (await by.Get($"/xiangyun/v1/organisations/{top}/quota-tree?resource={Disk}")).Is(200)["quota_tree"]["nodes"]!.AsArray().Single(n => (string)n!["id"]! == id)!;

    [Fact, Proves("GET /xiangyun/v1/organisations/{id}/quota-tree")]
    public async Task what_it_calls_the_least_and_the_most_is_taken_and_one_beyond_is_refused()
    {
        var (bureau, manager) = await Cloud.NewDomain();
        var (a, b) = (await manager.Make("project", new { name = Cloud.Name("a"), domain_id = bureau }), await manager.Make("project", new { name = Cloud.Name("b"), domain_id = bureau }));
        (await Divide(Cloud.Admin, bureau, 100)).Is(200);
        (await Divide(manager, a, 30)).Is(200);
        var member = await Cloud.NewProject("member", a);
        (await member.Post("/volume/v3/volumes", new { volume = new { size = 12, name = Cloud.Name("v") } })).Is(202);
        (await (await Cloud.NewProject("member", b)).Post("/volume/v3/volumes", new { volume = new { size = 25, name = Cloud.Name("v") } })).Is(202);

        var (first, second) = (await Node(manager, bureau, a), await Node(manager, bureau, b));
        Assert.Equal((30, 12, 12, 75), ((long)first["granted"]!, (long)first["used"]!, (long)first["least"]!, (long)first["most"]!));
        Assert.Equal((25, 70), ((long)second["least"]!, (long)second["most"]!));
        Assert.Equal(bureau, (string)second["shared_with"]!);
        Assert.True((bool)first["may_grant"]!);
        Assert.False((bool)(await Node(manager, bureau, bureau))["may_grant"]!); // what it has itself is given from above
        Assert.True((bool)(await Node(Cloud.Admin, "cloud", bureau))["may_grant"]!);
        foreach (var (node, bound) in new[] { (a, first), (b, second) })
        {
            var (least, most, before) = ((long)bound["least"]!, (long)bound["most"]!, (long?)bound["granted"]);
            (await Divide(manager, node, least - 1)).Is(400);
            (await Divide(manager, node, most + 1)).Is(400);
            (await Divide(manager, node, least)).Is(200);
            (await Divide(manager, node, most)).Is(200);
            (await Divide(manager, node, before)).Is(200);
        }
    }

    [Fact]
    public async Task a_loan_is_told_and_moves_the_bounds_of_who_lent()
    {
        var (lender, lends) = await Cloud.NewDomain();
        var (borrower, borrows) = await Cloud.NewDomain();
        foreach (var bureau in new[] { lender, borrower }) (await Divide(Cloud.Admin, bureau, 50)).Is(200);
        var loan = (string)(await borrows.Post("/xiangyun/v1/quota-loans", new { loan = new { resource = Disk, amount = 20, lender_id = lender, borrower_id = borrower, expires_at = TimeProvider.System.GetUtcNow().AddDays(1).ToString("yyyy-MM-ddTHH:mm:ssZ"), reason = "x" } })).Is(201)["loan"]["id"]!;
        (await lends.Post($"/xiangyun/v1/quota-loans/{loan}/accept")).Is(200);
        var told = (await lends.Get($"/xiangyun/v1/organisations/{lender}/quota-tree?resource={Disk}")).Is(200)["quota_tree"];
        Assert.Equal((loan, 20), ((string)told["loans"]![0]!["id"]!, (long)told["loans"]![0]!["amount"]!));
        Assert.Equal((20, 20, 30), ((long)told["nodes"]![0]!["lent"]!, (long)told["nodes"]![0]!["least"]!, (long)told["nodes"]![0]!["left"]!));
        (await borrows.Get($"/xiangyun/v1/organisations/{lender}/quota-tree")).Is(404);
        (await lends.Get($"/xiangyun/v1/organisations/{lender}/quota-tree?resource=no.such")).Is(400);
        (await lends.Get($"/xiangyun/v1/organisations/{lender}/quota-tree?depth=9")).Is(400);
    }
}
