using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Time.Testing;
using Xiangyun.Compute.Consoles;
using Xiangyun.Kernel;

namespace Xiangyun.Unit.Compute;

/// <summary>What opens a console: one server, one kind, one person, once, for ten minutes.</summary>
public sealed class ConsoleTickets
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddDays(20_000));
    private readonly ConsoleSeal _seal;

    public ConsoleTickets() => _seal = new ConsoleSeal(new EphemeralDataProtectionProvider(), _clock);

    private string Token(string server = "s1") => _seal.Seal(Actor.System with { UserId = "u1", UserName = "li", ProjectId = "p1" }, server, "vnc");

    [Fact]
    public void a_token_names_its_server_and_its_person_and_opens_once()
    {
        var ticket = _seal.Open(Token())!;
        Assert.Equal(("s1", "vnc", "u1", "li", "p1"), (ticket.ServerId, ticket.Kind, ticket.UserId, ticket.UserName, ticket.ProjectId));
        Assert.True(_seal.Take(ticket));
        Assert.False(_seal.Take(ticket));
        Assert.True(_seal.Take(_seal.Open(Token("s2"))!));
    }

    [Fact]
    public void a_token_is_worth_nothing_after_ten_minutes_or_when_anything_in_it_was_changed()
    {
        var token = Token();
        foreach (var n in new[] { 0, token.Length / 2, token.Length - 2 }) Assert.Null(_seal.Open(token[..n] + (token[n] == 'A' ? 'B' : 'A') + token[(n + 1)..]));
        foreach (var other in new[] { "", "x", "../../etc/passwd", new ConsoleSeal(new EphemeralDataProtectionProvider(), _clock).Seal(Actor.System, "s1", "vnc") }) Assert.Null(_seal.Open(other));
        _clock.Advance(TimeSpan.FromMinutes(9));
        Assert.NotNull(_seal.Open(token));
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(_seal.Open(token));
    }

    [Fact]
    public void a_consoles_page_runs_its_own_script_and_nobody_elses()
    {
        const string page = "<body><script type=\"module\">run();</script></body>";
        Assert.Contains($"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes("run();")))}'", ConsolePages.Policy(page));
        Assert.Contains("frame-ancestors 'self'", ConsolePages.Policy(page));
        Assert.DoesNotContain("'unsafe-inline'", ConsolePages.Policy(page).Split("style-src")[0]);
    }
}
