namespace Xiangyun.Identity.Tokens;

/// <summary>What a token says, encrypted and signed into its text. Roles are not in it: they are read when it is used.</summary>
/// <param name="UserId">Who signed in; with a trust that impersonates, the token stands for another one.</param>
/// <param name="Scope">project, domain, system or none</param>
/// <param name="AuditIds">Its own, and that of the first token of the chain that it was made from.</param>
internal sealed record Ticket(string UserId, string Scope, string? Target, IReadOnlyList<string> Methods, IReadOnlyList<string> AuditIds, long IssuedAt, long ExpiresAt, string? ApplicationCredentialId, string? TrustId = null)
{
    public string AuditId => AuditIds[0];
}
