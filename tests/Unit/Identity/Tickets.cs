using FsCheck.Xunit;
using Xiangyun.Identity.Tokens;
using Xiangyun.Kernel;

namespace Xiangyun.Unit.Identity;

public sealed class Tickets
{
    private const string Audit = "AAECAwQFBgcICQoLDA0ODw";

    public static TheoryData<string, string?, string?> Kinds => new()
    {
        { "none", null, null }, { "system", "all", null }, { "domain", "default", null }, { "project", Id.From("p"), Id.From("credential") },
    };

    [Theory, MemberData(nameof(Kinds))]
    public void a_ticket_reads_back_as_it_was_written(string scope, string? target, string? credential)
    {
        var ticket = new Ticket(Id.From("user"), scope, target, ["password", "token"], [Audit, Audit[..21] + "g"], 1_700_000_000_123, 1_700_000_999_000, credential);
        var back = TicketFormat.Read(TicketFormat.Write(ticket));
        Assert.Equal((ticket.UserId, scope, target, ticket.IssuedAt, ticket.ExpiresAt, credential), (back.UserId, back.Scope, back.Target, back.IssuedAt, back.ExpiresAt, back.ApplicationCredentialId));
        Assert.Equal(ticket.Methods, back.Methods);
        Assert.Equal(ticket.AuditIds, back.AuditIds);
    }

    [Fact]
    public void a_usual_ticket_takes_less_than_120_bytes() =>
        Assert.True(TicketFormat.Write(new Ticket(Id.New(), "project", Id.New(), ["password"], [Audit, Audit], 1, 2, Id.New())).Length < 120);

    [Property]
    public void bytes_that_are_no_ticket_are_refused_and_never_crash(byte[] bytes)
    {
        try
        {
            TicketFormat.Read(bytes);
        }
        catch (FormatException)
        {
            // The one answer that the reader of tokens expects.
        }
    }

    [Property]
    public void a_ticket_that_was_cut_off_is_refused(byte length)
    {
        var whole = TicketFormat.Write(new Ticket(Id.From("user"), "project", Id.From("p"), ["password"], [Audit], 1, 2, null));
        if (length < whole.Length) Assert.Throws<FormatException>(() => TicketFormat.Read(whole[..length]));
    }
}
