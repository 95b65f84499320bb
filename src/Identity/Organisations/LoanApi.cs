using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Credentials;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Store.Quotas;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Organisations;

/// <summary>Loans of quota between organisations: one side proposes, the other accepts, the clock returns it.</summary>
internal sealed class LoanApi(Database database, QuotaTree tree, Power power) : IApi
{
    private const long LongestMs = 366L * 24 * 3600 * 1000;

    public Service Service => OrganisationApi.Own;

    public void Map(Routes r)
    {
        r.Get("/quota-loans", "organisation:read", List);
        r.Get("/quota-loans/{id}", "organisation:read", call => database.Read(async q => Answer.Ok(Body(await Find(q, call), q.Now))));
        r.Post("/quota-loans", "organisation:lend", "quota_loan.propose", Propose);
        r.Post("/quota-loans/{id}/accept", "organisation:lend", "quota_loan.accept", call => Decide(call, true));
        r.Post("/quota-loans/{id}/decline", "organisation:lend", "quota_loan.decline", call => Decide(call, false));
        r.Post("/quota-loans/{id}/end", "organisation:lend", "quota_loan.end", End);
    }

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var place = call.QueryOr("organisation_id") ?? (call.Actor.IsAdmin || call.Actor.SystemScope ? Quotas.Cloud : call.Actor.DomainId ?? call.Actor.ProjectId ?? throw CloudError.Invalid("Say which organisation: ?organisation_id=ID."));
        await OrganisationApi.Visible(q, power, call.Actor, place);
        var below = (await tree.Read(q, "")).Below(place).ToList();
        var rows = Loans.Rows(q).Where(l => below.Contains(l.LenderId) || below.Contains(l.BorrowerId));
        var page = call.Page();
        var mark = page.Marker is { } m ? await rows.SingleOrDefaultAsync(l => l.Id == m) ?? throw CloudError.Invalid($"The marker {m} names no loan of this list.") : null;
        var slice = await rows.Paged([new SortKey("Id", true)], page, mark);
        return Answer.Ok(new JsonObject { ["loans"] = new JsonArray([.. slice.Rows.Select(l => Wire(l, q.Now))]), ["next"] = slice.More ? call.NextLink(slice.Rows[^1].Id) : null });
    });

    private async Task<LoanRow> Find(Query q, Call call)
    {
        var id = call["id"];
        var row = await Loans.Rows(q).SingleOrDefaultAsync(l => l.Id == id) ?? throw Missing(id);
        return await power.Sees(q, call.Actor, row.LenderId) || await power.Sees(q, call.Actor, row.BorrowerId) ? row : throw Missing(id);
    }

    private static CloudError Missing(string id) => CloudError.NotFound($"There is no quota loan {id}.");

    private async Task<Answer> Propose(Call call)
    {
        var loan = await call.Body("loan");
        var (resource, amount, reason) = (loan.Text("resource", 1), loan.Number("amount", 1, long.MaxValue / 2), loan.TextOr("reason", 0, 1000) ?? "");
        var (lender, borrower, until) = (loan.Text("lender_id", 1, 64), loan.Text("borrower_id", 1, 64), loan.Text("expires_at", 1, 40));
        loan.Done();
        if (!tree.Units.ContainsKey(resource)) throw CloudError.Invalid($"'{resource}' is not a quota that organisations divide; there are {string.Join(", ", tree.Units.Keys)}.");
        if (lender == borrower) throw CloudError.Invalid("Lender and borrower are the same organisation.");
        var expires = ExpiryWire.Read(until).Ms!.Value;
        var row = await database.Write(call.Actor, async tx =>
        {
            if (expires <= tx.Now || expires > tx.Now + LongestMs) throw CloudError.Invalid("expires_at must lie in the future, by 366 days at most.");
            var (lends, borrows) = (await power.Manages(tx, call.Actor, lender), await power.Manages(tx, call.Actor, borrower));
            if (!lends && !borrows) throw OrganisationApi.Missing(borrower);
            foreach (var id in new[] { lender, borrower })
                if (!(await Quotas.Grants(tx, id)).ContainsKey(resource)) throw CloudError.Invalid($"The organisation {id} has no grant of {resource}; only what was granted can be lent, and only to who has a grant.");
            var made = new LoanRow
            {
                Id = Id.New(), Resource = resource, Amount = amount, LenderId = lender, BorrowerId = borrower, AskedByLender = lends, AskedBy = tx.Actor.UserId, Reason = reason, CreatedAt = tx.Now, ExpiresAt = expires,
            };
            Loans.Add(tx, made);
            Tell(tx, call, made);
            return made;
        });
        return Answer.Created(Body(row, row.CreatedAt));
    }

    private async Task<Answer> Decide(Call call, bool accepted)
    {
        return await database.Write(call.Actor, async tx =>
        {
            await tx.Lock(QuotaTree.Divided);
            var row = await Find(tx, call);
            if (!await power.Manages(tx, call.Actor, row.AskedByLender ? row.BorrowerId : row.LenderId)) throw CloudError.Forbidden("The other side decides: whoever manages the organisation that did not propose this loan.");
            if (Status(row, tx.Now) != "waiting") throw CloudError.Conflict($"The loan is {Status(row, tx.Now)}; only a waiting one can be decided.");
            if (accepted)
            {
                var left = await tree.ToGive(tx, await tree.Read(tx, row.Resource), row.Resource, row.LenderId);
                if (left < row.Amount) throw CloudError.OverLimit($"The lender has {Math.Max(0, left)} of {row.Resource} left to lend, not {row.Amount}.", "OverQuota");
            }
            await Loans.Rows(tx).Where(l => l.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(l => l.DecidedAt, tx.Now).SetProperty(l => l.DecidedBy, tx.Actor.UserId).SetProperty(l => l.Accepted, accepted));
            Tell(tx, call, row);
            return Answer.Ok(Body(await Find(tx, call), tx.Now));
        });
    }

    /// <summary>The borrower gives it back early, or whoever proposed it takes the proposal back. A lender cannot call in what it lent.</summary>
    private async Task<Answer> End(Call call) => await database.Write(call.Actor, async tx =>
    {
        await tx.Lock(QuotaTree.Divided);
        var row = await Find(tx, call);
        var status = Status(row, tx.Now);
        if (status is not ("waiting" or "active")) throw CloudError.Conflict($"The loan is {status} already.");
        var ender = status == "active" || !row.AskedByLender ? row.BorrowerId : row.LenderId;
        if (!await power.Manages(tx, call.Actor, ender)) throw CloudError.Forbidden(status == "active" ? "Only the borrower can give it back before its time." : "Only the side that proposed it can take it back.");
        await Loans.Rows(tx).Where(l => l.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(l => l.EndedAt, tx.Now));
        Tell(tx, call, row);
        return Answer.Ok(Body(await Find(tx, call), tx.Now));
    });

    private static void Tell(Tx tx, Call call, LoanRow row) =>
        tx.Audit(call.Verb, "quota_loan", row.Id, row.BorrowerId, new { row.Resource, row.Amount, row.LenderId, row.BorrowerId, row.ExpiresAt });

    private static string Status(LoanRow l, long now) => (l.Accepted, l.EndedAt, l.ExpiresAt <= now) switch
    {
        (false, _, _) => "declined",
        (true, not null, _) => "returned",
        (null, not null, _) => "withdrawn",
        (true, null, true) => "expired",
        (null, null, true) => "lapsed",
        (true, null, false) => "active",
        _ => "waiting",
    };

    private static JsonObject Body(LoanRow l, long now) => new() { ["loan"] = Wire(l, now) };

    private static JsonObject Wire(LoanRow l, long now) => new()
    {
        ["id"] = l.Id, ["resource"] = l.Resource, ["amount"] = l.Amount, ["lender_id"] = l.LenderId, ["borrower_id"] = l.BorrowerId, ["proposed_by"] = l.AskedByLender ? "lender" : "borrower", ["reason"] = l.Reason,
        ["status"] = Status(l, now), ["created_at"] = Clock.Seconds(l.CreatedAt), ["expires_at"] = Clock.Seconds(l.ExpiresAt),
        ["decided_at"] = l.DecidedAt is { } decided ? Clock.Seconds(decided) : null, ["ended_at"] = l.EndedAt is { } ended ? Clock.Seconds(ended) : null,
    };
}
