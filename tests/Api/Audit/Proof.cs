using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Evidence;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Audit;
using Xiangyun.Testing;
using static Xiangyun.Api.Audit.Asked;

namespace Xiangyun.Api.Audit;

public sealed class ProofOnSqlite() : Proof("sqlite");
public sealed class ProofOnPostgres() : Proof("postgres");

/// <summary>What can be proven with a copy alone, and what the database itself refuses.</summary>
public abstract class Proof(string database) : CloudTests(database)
{
    private static Verdict Check(Reply copy, string? pin = null, string? heads = null) => Verifier.Check(new MemoryStream(copy.Bytes), pin, heads?.Split('\n'));

    private async Task<string> FirstKey() => (string)(await Cloud.Auditor.Get("/xiangyun/v1/audit/keys")).Is(200)["keys"][0]!["public"]!;

    [Fact]
    public async Task the_chain_reaches_what_was_written_within_seconds_and_says_so()
    {
        var member = await Cloud.NewProject();
        var reply = (await member.Post("/network/v2.0/networks", new { network = new { name = "n" } })).Is(201);
        var state = await Chained(Cloud);
        var record = await One(Cloud, Cloud.Auditor, $"request={reply.Header("x-openstack-request-id")}");
        Assert.InRange((long)record["seq"]!, 1, (long)state["chained_seq"]! + 1000);
        Assert.Equal(("chained", true, 64), ((string)state["level"]!, (bool)state["can_sign"]!, ((string)record["hash"]!).Length));
        Assert.Equal("default", (string)record["object_domain_id"]!);
    }

    [Fact]
    public async Task a_copy_checks_with_the_first_key_and_heads_kept_before()
    {
        (await Cloud.Auditor.Get("/xiangyun/v1/audit/export")).Is(200);
        var heads = (await (await Cloud.NewProject("reader")).Get("/xiangyun/v1/audit/heads?lines")).Is(200).Text;
        await Cloud.NewProject();
        await Chained(Cloud);
        var copy = (await Cloud.Auditor.Get("/xiangyun/v1/audit/export")).Is(200);
        var verdict = Check(copy, await FirstKey(), heads);
        Assert.True(verdict.Good, string.Join('\n', verdict.Findings));
        Assert.True(verdict.Pinned);
        Assert.Equal((0, verdict.Last), (verdict.Hidden, verdict.Records));
        Assert.Contains("\"action\":\"audit.export\"", copy.Text);
    }

    [Fact]
    public async Task a_bureaus_copy_holds_only_its_own_and_checks_all_the_same()
    {
        var (one, domain) = await Bureau(Cloud);
        var stranger = await Cloud.NewProject();
        await Chained(Cloud);
        var copy = (await one.Get("/xiangyun/v1/audit/export")).Is(200);
        var verdict = Check(copy, await FirstKey());
        Assert.True(verdict.Good, string.Join('\n', verdict.Findings));
        Assert.InRange(verdict.Hidden, 1, verdict.Records - 1);
        Assert.Contains(domain, copy.Text);
        Assert.DoesNotContain(stranger.UserId, copy.Text);
        Assert.DoesNotContain(stranger.ProjectId, copy.Text);
    }

    [Fact]
    public async Task a_copy_of_a_part_begins_and_ends_at_signed_heads()
    {
        (await Cloud.Auditor.Get("/xiangyun/v1/audit/export")).Is(200);
        await Cloud.NewProject();
        await Chained(Cloud);
        (await Cloud.Auditor.Get("/xiangyun/v1/audit/export")).Is(200);
        var heads = (await Cloud.Auditor.Get("/xiangyun/v1/audit/heads?limit=2")).Is(200)["heads"].AsArray();
        var (last, before) = ((long)heads[0]!["seq"]!, (long)heads[1]!["seq"]!);
        var verdict = Check((await Cloud.Auditor.Get($"/xiangyun/v1/audit/export?from_seq={before + 1}&to_seq={last}")).Is(200), await FirstKey());
        Assert.True(verdict.Good, string.Join('\n', verdict.Findings));
        Assert.Equal((before + 1, last), (verdict.First, verdict.Last));
    }

    [Fact]
    public async Task the_key_changes_on_demand_and_the_succession_is_signed()
    {
        var first = await FirstKey();
        var next = (await Cloud.Auditor.Post("/xiangyun/v1/audit/keys", new { })).Is(201)["key"];
        Assert.NotNull((string?)next["signature_before"]);
        await Cloud.NewProject();
        await Chained(Cloud);
        var copy = (await Cloud.Auditor.Get("/xiangyun/v1/audit/export")).Is(200);
        foreach (var pin in new[] { first, (string)next["public"]! })
        {
            var verdict = Check(copy, pin);
            Assert.True(verdict.Good && verdict.Pinned, string.Join('\n', verdict.Findings));
        }
        Assert.Equal((string)next["id"]!, (string)(await Cloud.Auditor.Get("/xiangyun/v1/audit/heads?limit=1")).Is(200)["heads"][0]!["key"]!);
        (await (await Cloud.NewProject("manager")).Post("/xiangyun/v1/audit/keys", new { })).Is(403);
    }

    [Fact]
    public async Task a_report_is_a_pdf_that_checks_until_somebody_touches_it()
    {
        var member = await Cloud.NewProject();
        (await member.Post("/network/v2.0/networks", new { network = new { name = "政务外网 ✓" } })).Is(201);
        var report = (await Cloud.Auditor.Get($"/xiangyun/v1/audit/report?user={member.UserName}")).Is(200);
        Assert.StartsWith("%PDF-", Encoding.ASCII.GetString(report.Bytes, 0, 5));
        var verdict = PdfSeal.Check(report.Bytes, await FirstKey());
        Assert.True(verdict.Good, string.Join('\n', verdict.Findings));
        report.Bytes[report.Bytes.Length / 2] ^= 1;
        Assert.False(PdfSeal.Check(report.Bytes, null).Good);
    }

    [Fact]
    public async Task less_than_half_a_year_is_refused()
    {
        foreach (var days in new long[] { 0, 30, 179, 40_000 }) (await Cloud.Auditor.Put("/xiangyun/v1/audit/retention", new { retention = new { days } })).Is(400);
        Assert.Equal(180, (long)(await Cloud.Auditor.Put("/xiangyun/v1/audit/retention", new { retention = new { days = 180 } })).Is(200)["retention"]["days"]!);
        Assert.Equal(180, (long)(await Cloud.Auditor.Get("/xiangyun/v1/audit/retention")).Is(200)["retention"]["days"]!);
        (await Cloud.Auditor.Put("/xiangyun/v1/audit/retention", new { retention = new { days = 365 } })).Is(200);
    }

    [Fact]
    public async Task the_database_itself_refuses_to_change_or_remove_a_record()
    {
        await Chained(Cloud);
        foreach (var change in new Func<AuditDb, Task<int>>[] { db => db.Audit.Where(a => a.Seq == 1).ExecuteUpdateAsync(s => s.SetProperty(a => a.UserName, "nobody")), db => db.Audit.Where(a => a.Seq == 1).ExecuteDeleteAsync() })
        {
            var refused = await Assert.ThrowsAnyAsync<Exception>(() => Cloud.Database.Write(Actor.System, tx => change(tx.Db<AuditDb>())));
            Assert.Contains("never", (refused.InnerException ?? refused).Message + refused.Message);
        }
    }
}
