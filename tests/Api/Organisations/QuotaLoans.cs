using Xiangyun.Api.Identity;
using Xiangyun.Testing;

namespace Xiangyun.Api.Organisations;

public sealed class QuotaLoansOnSqlite() : QuotaLoans("sqlite");
public sealed class QuotaLoansOnPostgres() : QuotaLoans("postgres");

/// <summary>A bureau lends what it does not need; both sides say yes, and the clock brings it back.</summary>
public abstract class QuotaLoans(string database) : CloudTests(database)
{
    private const string Cores = "compute.cores";

    [Fact, Proves("GET /xiangyun/v1/quota-loans"), Proves("GET /xiangyun/v1/quota-loans/{id}"), Proves("POST /xiangyun/v1/quota-loans"), Proves("POST /xiangyun/v1/quota-loans/{id}/accept"), Proves("POST /xiangyun/v1/quota-loans/{id}/end")]
    public async Task a_loan_counts_from_both_consents_until_it_is_given_back()
    {
        var (lender, lends) = await Granted(40);
        var (borrower, borrows) = await Granted(10);
        var loan = await Proposed(borrows, lender, borrower, 15, TimeProvider.System.GetUtcNow().AddDays(7));
        Assert.Equal("waiting", await Status(lends, loan));
        Assert.Equal(10, await Left(borrows, borrower));
        (await borrows.Post($"/xiangyun/v1/quota-loans/{loan}/accept")).Is(403);
        (await lends.Post($"/xiangyun/v1/quota-loans/{loan}/accept")).Is(200);
        Assert.Equal((25L, 25L), (await Left(borrows, borrower), await Left(lends, lender)));
        (await lends.Post($"/xiangyun/v1/quota-loans/{loan}/end")).Is(403);
        (await borrows.Post($"/xiangyun/v1/quota-loans/{loan}/end")).Is(200);
        Assert.Equal((10L, 40L), (await Left(borrows, borrower), await Left(lends, lender)));
        Assert.Equal("returned", await Status(lends, loan));
        Assert.Contains(loan, (await borrows.Get("/xiangyun/v1/quota-loans")).Is(200)["loans"].AsArray().Select(l => (string)l!["id"]!));
    }

    [Fact]
    public async Task a_loan_returns_by_itself_when_its_time_is_over()
    {
        var (lender, lends) = await Granted(40);
        var (borrower, borrows) = await Granted(10);
        var loan = await Proposed(lends, lender, borrower, 15, TimeProvider.System.GetUtcNow().AddSeconds(3));
        (await borrows.Post($"/xiangyun/v1/quota-loans/{loan}/accept")).Is(200);
        Assert.Equal(25, await Left(borrows, borrower));
        await Wait.For("the loan has expired", () => Status(borrows, loan), status => status == "expired");
        Assert.Equal((10L, 40L), (await Left(borrows, borrower), await Left(lends, lender)));
    }

    [Fact, Proves("POST /xiangyun/v1/quota-loans/{id}/decline")]
    public async Task nobody_lends_twice_what_it_has_once_and_a_refused_loan_stays_refused()
    {
        var (lender, lends) = await Granted(40);
        var (first, takes) = await Granted(10);
        var (second, wants) = await Granted(10);
        var later = TimeProvider.System.GetUtcNow().AddDays(1);
        var one = await Proposed(takes, lender, first, 30, later);
        var two = await Proposed(wants, lender, second, 30, later);
        (await lends.Post($"/xiangyun/v1/quota-loans/{one}/accept")).Is(200);
        (await lends.Post($"/xiangyun/v1/quota-loans/{two}/accept")).Is(403);
        (await lends.Post($"/xiangyun/v1/quota-loans/{two}/decline")).Is(200);
        (await lends.Post($"/xiangyun/v1/quota-loans/{two}/accept")).Is(409);
        (await Cloud.Admin.Put($"/xiangyun/v1/organisations/{lender}/quotas", new { quotas = new Dictionary<string, int?> { [Cores] = 29 } })).Is(400);
        (await Cloud.Admin.Put($"/xiangyun/v1/organisations/{lender}/quotas", new { quotas = new Dictionary<string, int?> { [Cores] = null } })).Is(409);
    }

    [Fact]
    public async Task a_loan_that_makes_no_sense_is_refused_with_words()
    {
        var (lender, lends) = await Granted(40);
        var (borrower, _) = await Granted(10);
        var (_, stranger) = await Cloud.NewDomain();
        var later = TimeProvider.System.GetUtcNow().AddDays(1);
        (await Propose(lends, lender, lender, 1, later)).Is(400);
        (await Propose(lends, lender, borrower, 0, later)).Is(400);
        (await Propose(lends, lender, borrower, 1, TimeProvider.System.GetUtcNow().AddDays(-1))).Is(400);
        (await Propose(stranger, lender, borrower, 1, later)).Is(404);
        var loan = await Proposed(lends, lender, borrower, 1, later);
        (await stranger.Get($"/xiangyun/v1/quota-loans/{loan}")).Is(404);
        (await stranger.Post($"/xiangyun/v1/quota-loans/{loan}/accept")).Is(404);
    }

    private async Task<(string Id, Client Manager)> Granted(int cores)
    {
        var made = await Cloud.NewDomain();
        (await Cloud.Admin.Put($"/xiangyun/v1/organisations/{made.DomainId}/quotas", new { quotas = new Dictionary<string, int> { [Cores] = cores } })).Is(200);
        return made;
    }

    private static Task<Reply> Propose(Client by, string lender, string borrower, int amount, DateTimeOffset until) => by.Post("/xiangyun/v1/quota-loans",
        new { loan = new { resource = Cores, amount, lender_id = lender, borrower_id = borrower, expires_at = until.ToString("yyyy-MM-ddTHH:mm:ss.fffZ"), reason = "census week" } });

    private static async Task<string> Proposed(Client by, string lender, string borrower, int amount, DateTimeOffset until) => (string)(await Propose(by, lender, borrower, amount, until)).Is(201)["loan"]["id"]!;

    private static async Task<string> Status(Client by, string loan) => (string)(await by.Get($"/xiangyun/v1/quota-loans/{loan}")).Is(200)["loan"]["status"]!;

    private static async Task<long> Left(Client by, string node) => (long)(await by.Get($"/xiangyun/v1/organisations/{node}/quotas")).Is(200)["quotas"].AsArray().Single(r => (string)r!["resource"]! == Cores)!["left"]!;
}
