using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Xiangyun.Identity.Tokens;

/// <summary>A ticket in few bytes, so that the token stays below 300 characters: ids as 16 bytes, methods as bits.</summary>
internal static class TicketFormat
{
    private const byte Version = 2;
    private static readonly string[] Scopes = ["none", "project", "domain", "system"];
    private static readonly string[] Methods = ["password", "token", "application_credential", "totp", "ec2credential", "openid"];

    /// <summary>The methods that a token can name.</summary>
    public static bool Knows(string method) => Methods.Contains(method);

    public static byte[] Write(Ticket ticket)
    {
        using var memory = new MemoryStream(128);
        using var to = new BinaryWriter(memory, Encoding.UTF8);
        to.Write(Version);
        Id(to, ticket.UserId);
        to.Write((byte)Array.IndexOf(Scopes, ticket.Scope));
        Id(to, ticket.Target);
        to.Write((byte)Methods.Index().Where(m => ticket.Methods.Contains(m.Item)).Sum(m => 1 << m.Index));
        to.Write((byte)ticket.AuditIds.Count);
        foreach (var audit in ticket.AuditIds) to.Write(WebEncoders.Base64UrlDecode(audit));
        to.Write(ticket.IssuedAt);
        to.Write(ticket.ExpiresAt);
        Id(to, ticket.ApplicationCredentialId);
        Id(to, ticket.TrustId);
        to.Flush();
        return memory.ToArray();
    }

    /// <exception cref="FormatException">It is not a ticket of this version.</exception>
    public static Ticket Read(byte[] bytes)
    {
        using var from = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        try
        {
            var version = from.ReadByte();
            if (version is not (1 or Version)) throw new FormatException("the ticket has another version");
            var user = Id(from) ?? throw new FormatException("the ticket names no user");
            var scope = Scopes[from.ReadByte()];
            var target = Id(from);
            var bits = from.ReadByte();
            var audits = Enumerable.Range(0, from.ReadByte()).Select(_ => WebEncoders.Base64UrlEncode(from.ReadBytes(16))).ToList();
            return new Ticket(user, scope, target, [.. Methods.Index().Where(m => (bits & 1 << m.Index) != 0).Select(m => m.Item)], audits, from.ReadInt64(), from.ReadInt64(), Id(from), version == 1 ? null : Id(from));
        }
        catch (Exception e) when (e is EndOfStreamException or IndexOutOfRangeException)
        {
            throw new FormatException("the ticket is cut off", e);
        }
    }

    /// <summary>0 = none, 1 = a UUID in 16 bytes, 2 = text such as <c>default</c>.</summary>
    private static void Id(BinaryWriter to, string? id)
    {
        if (id is null)
        {
            to.Write((byte)0);
        }
        else if (Kernel.Id.Canonical(id) == id)
        {
            to.Write((byte)1);
            to.Write(Guid.Parse(id).ToByteArray(bigEndian: true));
        }
        else
        {
            to.Write((byte)2);
            to.Write(id);
        }
    }

    private static string? Id(BinaryReader from) => from.ReadByte() switch
    {
        0 => null,
        1 => from.ReadBytes(16) is { Length: 16 } bytes ? new Guid(bytes, bigEndian: true).ToString() : throw new EndOfStreamException(),
        _ => from.ReadString(),
    };
}
