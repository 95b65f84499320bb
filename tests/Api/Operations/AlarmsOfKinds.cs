using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Xiangyun.Api.Identity;
using Xiangyun.Testing;

namespace Xiangyun.Api.Operations;

public sealed class AlarmsOfKindsOnSqlite() : AlarmsOfKinds("sqlite");
public sealed class AlarmsOfKindsOnPostgres() : AlarmsOfKinds("postgres");

/// <summary>One kind after the other: it is told when the thing is really so, and over when it is not.</summary>
public abstract class AlarmsOfKinds(string database) : CloudTests(database)
{
    [Fact]
    public async Task a_host_whose_agent_is_gone_is_told_to_operators_only_until_it_answers_again()
    {
        await using var cloud = await Cloud.Start(new CloudShape { Database = Cloud.Shape.Database, Hosts = 1 });
        try
        {
            var member = await cloud.NewProject();
            await cloud.KillAgent();
            var alarm = (await Wait.For("it is told", () => cloud.Admin.Alarms("kind=host.silent&state=open"), all => all.Count == 1, TimeSpan.FromSeconds(120)))[0];
            Assert.Equal(("critical", "sim-001"), ((string)alarm["severity"]!, (string)alarm["object_name"]!));
            Assert.Empty(await member.Alarms("kind=host.silent"));
            (await member.Get($"{AlarmsOf.Own}/alarms/{alarm["id"]}")).Is(404);
            cloud.StartAgent();
            await Wait.For("it is over", () => cloud.Admin.Alarms("kind=host.silent&state=cleared"), all => all.Count == 1, TimeSpan.FromSeconds(120));
        }
        finally
        {
            cloud.Folder.NoteResult();
        }
    }

    [Fact]
    public async Task a_certificate_that_ends_soon_is_told_with_its_day()
    {
        var (name, now) = ($"{Cloud.Name("soon")}.crt", TimeProvider.System.GetUtcNow());
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=soon", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-30), now.AddDays(5));
        var file = Path.Combine(Cloud.Folder.At("tls"), name);
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem());
        await Cloud.Look();
        var alarm = Assert.Single(await Cloud.Admin.Alarms($"object_id={name}&state=open"));
        Assert.Equal(("tls.expiring", "major", "4"), ((string)alarm["kind"]!, (string)alarm["severity"]!, (string)alarm["values"]!["days"]!));
        File.Delete(file);
        await Cloud.Look();
        Assert.Single(await Cloud.Admin.Alarms($"object_id={name}&state=cleared"));
    }

    [Fact]
    public async Task a_volume_that_no_back_end_can_keep_and_an_import_that_failed_are_told_to_their_project()
    {
        var member = await Cloud.NewProject();
        var type = Cloud.Name("type");
        (await Cloud.Admin.Post("/volume/v3/types", new { volume_type = new { name = type, extra_specs = new { volume_backend_name = "nowhere" } } })).Is(200);
        var volume = (string)(await member.Post("/volume/v3/volumes", new { volume = new { size = 1, volume_type = type } })).Is(202)["volume"]["id"]!;
        var image = (string)(await member.Post("/image/v2/images", new { name = Cloud.Name("image"), disk_format = "raw", container_format = "bare" })).Is(201)["id"]!;
        (await member.Post($"/image/v2/images/{image}/import", new { method = new { name = "web-download", uri = "http://localhost/image" } })).Is(202);
        await member.TaskOf(image, t => (string)t["state"]! == "failed");
        await Cloud.Look();
        Assert.Equal("volume.error", (string)Assert.Single(await member.Alarms($"object_id={volume}"))["kind"]!);
        var failed = Assert.Single(await member.Alarms($"object_id={image}"));
        Assert.Equal(("image.import", "minor"), ((string)failed["kind"]!, (string)failed["severity"]!));
        Assert.Contains("public Internet", (string)failed["message"]!);
        (await member.Delete($"/volume/v3/volumes/{volume}")).Is(202);
        (await member.Delete($"/image/v2/images/{image}")).Is(204);
        await Wait.For("both are over", async () => { await Cloud.Look(); return await member.Alarms("state=uncleared"); }, all => all.Count == 0);
    }

    [Fact]
    public async Task a_loan_that_ends_soon_is_told_to_who_borrows()
    {
        var ((lender, lends), (borrower, borrows)) = (await Cloud.NewDomain(), await Cloud.NewDomain());
        foreach (var domain in new[] { lender, borrower }) (await Cloud.Admin.Put($"{AlarmsOf.Own}/organisations/{domain}/quotas", new { quotas = new Dictionary<string, int> { ["compute.cores"] = 40 } })).Is(200);
        var until = TimeProvider.System.GetUtcNow().AddDays(3).ToString("yyyy-MM-ddTHH:mm:ssZ");
        var loan = (string)(await borrows.Post($"{AlarmsOf.Own}/quota-loans", new { loan = new { resource = "compute.cores", amount = 10, lender_id = lender, borrower_id = borrower, expires_at = until, reason = "peak" } })).Is(201)["loan"]["id"]!;
        (await lends.Post($"{AlarmsOf.Own}/quota-loans/{loan}/accept")).Is(200);
        await Cloud.Look();
        var alarm = Assert.Single(await borrows.Alarms("kind=loan.ending&state=open"));
        Assert.Equal(("warning", "10", "3"), ((string)alarm["severity"]!, (string)alarm["values"]!["amount"]!, (string)alarm["values"]!["days"]!));
        Assert.Empty(await lends.Alarms("kind=loan.ending"));
        (await borrows.Post($"{AlarmsOf.Own}/quota-loans/{loan}/end")).Is(200);
        await Cloud.Look();
        Assert.Empty(await borrows.Alarms("kind=loan.ending&state=open"));
    }
}
