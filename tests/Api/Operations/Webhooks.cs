using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xiangyun.Kernel;
using Xiangyun.Operations;
using Xiangyun.Operations.Alarms;
using Xiangyun.Operations.Webhook;
using Xiangyun.Store.Alarms;
using Xiangyun.Testing;

namespace Xiangyun.Api.Operations;

public sealed class WebhooksOnSqlite() : Webhooks("sqlite");
public sealed class WebhooksOnPostgres() : Webhooks("postgres");

/// <summary>News of alarms goes to one address of the operator's, signed, until it is taken; never where the operator did not allow it. A cloud of its own: the address is the whole cloud's.</summary>
public abstract class Webhooks(string database) : IAsyncLifetime
{
    private const string Settings = AlarmsOf.Own + "/alarm-settings", Secret = "a-secret-of-the-webhook";
    private readonly List<(JsonNode Body, string Raw, string Time, string Signature)> _taken = [];
    private Cloud _cloud = null!;
    private WebApplication _receiver = null!;
    private volatile int _refuse;

    private string Url => _receiver.Urls.Single();

    public async ValueTask InitializeAsync()
    {
        _cloud = await Cloud.Start(new CloudShape { Database = database, Hosts = 0 });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _receiver = builder.Build();
        _receiver.MapPost("/", async (HttpContext http) =>
        {
            if (Interlocked.Decrement(ref _refuse) >= 0) return Results.StatusCode(503);
            var raw = await new StreamReader(http.Request.Body).ReadToEndAsync();
            lock (_taken) _taken.Add((JsonNode.Parse(raw)!, raw, http.Request.Headers[WebhookReconciler.TimeHeader].ToString(), http.Request.Headers[WebhookReconciler.SignatureHeader].ToString()));
            return Results.Ok();
        });
        await _receiver.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _cloud.Folder.NoteResult();
        await _receiver.DisposeAsync();
        await _cloud.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private Task Follow(string kind, params Condition[] told) => _cloud.Database.Write(Actor.System, tx => _cloud.Services.GetRequiredService<AlarmBook>().Follow(tx, told, new HashSet<string> { kind }));

    private static Condition Trouble(string kind, Severity severity) => new() { Key = kind, Kind = kind, Severity = severity, ObjectKind = "thing", ObjectId = kind };

    private List<(JsonNode Body, string Raw, string Time, string Signature)> Taken(string kind)
    {
        lock (_taken) return [.. _taken.Where(t => (string)t.Body["alarm"]!["kind"]! == kind)];
    }

    [Fact]
    public async Task an_alarm_and_its_end_arrive_signed_even_when_the_receiver_was_down_for_a_while()
    {
        (await _cloud.Admin.Put(Settings, new { settings = new { webhook = new { url = Url, secret = Secret, private_addresses = true, least_severity = "major" } } })).Is(200);
        Assert.DoesNotContain(Secret, (await _cloud.Admin.Get(Settings)).Is(200).Text);
        _refuse = 2;
        await Follow("hook", Trouble("hook", Severity.Major));
        await Follow("quiet", Trouble("quiet", Severity.Minor));
        await Wait.Until("it was taken", () => Task.FromResult(Taken("hook").Count > 0));
        await Follow("hook");
        await Wait.Until("its end was taken", () => Task.FromResult(Taken("hook").Any(t => (string)t.Body["event"]! == "cleared")));
        Assert.Empty(Taken("quiet"));
        foreach (var (_, raw, time, signature) in Taken("hook")) Assert.Equal(WebhookReconciler.Sign(Secret, time, raw), signature);
        await Wait.Until("nothing waits to be sent", () => _cloud.Database.Read(async q => !await q.Db<OperationsDb>().Deliveries.AnyAsync()));
    }

    [Fact]
    public async Task a_name_that_leads_to_a_private_address_is_not_called_unless_the_operator_allows_it()
    {
        var byName = Url.Replace("127.0.0.1", "localhost");
        (await _cloud.Admin.Put(Settings, new { settings = new { webhook = new { url = byName } } })).Is(200);
        await Follow("kept", Trouble("kept", Severity.Critical));
        await Wait.Until("it was tried and refused", () => Failed("no address of the public Internet"));
        Assert.Empty(Taken("kept"));
        (await _cloud.Admin.Put(Settings, new { settings = new { webhook = new { url = byName, private_addresses = true } } })).Is(200);
        await Wait.Until("now it arrives", () => Task.FromResult(Taken("kept").Count > 0));
    }

    /// <summary>Some key of the webhook waits for its next try, with these words.</summary>
    private async Task<bool> Failed(string words)
    {
        await Task.Yield();
        var log = await File.ReadAllTextAsync(_cloud.Folder.At("server.log"));
        return log.Contains(words, StringComparison.Ordinal);
    }
}
