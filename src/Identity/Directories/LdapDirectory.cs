using System.DirectoryServices.Protocols;
using System.Net;
using Xiangyun.Kernel;

namespace Xiangyun.Identity.Directories;

/// <summary>One person of a directory.</summary>
internal sealed record DirectoryPerson(string Id, string Name, string? Mail);

/// <summary>Asks a directory who somebody is and whether the password is right: a search with the directory's own reader, then a bind as the person.</summary>
internal static class LdapDirectory
{
    private const int WrongPassword = 49;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <returns>null when there is no such person, or more than one, or the password is wrong.</returns>
    /// <exception cref="CloudError">The directory cannot be asked.</exception>
    public static Task<DirectoryPerson?> Enter(DirectoryOptions options, string? readerPassword, string name, string password)
    {
        // An empty password would be an anonymous bind, which succeeds for everybody (RFC 4513, 5.1.2).
        if (password.Length == 0 || name.Length == 0) return Task.FromResult<DirectoryPerson?>(null);
        return Task.Run(() =>
        {
            try
            {
                using var reader = Connect(options, options.User, readerPassword);
                var request = new SearchRequest(options.Tree, options.FilterFor(name), SearchScope.Subtree, options.IdAttribute, options.NameAttribute, options.MailAttribute) { SizeLimit = 2 };
                var found = ((SearchResponse)reader.SendRequest(request, Limit)).Entries;
                if (found.Count != 1 || Value(found[0], options.IdAttribute) is not { } id) return null;
                using var own = Try(options, found[0].DistinguishedName, password);
                return own is null ? null : new DirectoryPerson(id, Value(found[0], options.NameAttribute) ?? name, Value(found[0], options.MailAttribute));
            }
            catch (DirectoryOperationException e) when (e.Response?.ResultCode is ResultCode.SizeLimitExceeded or ResultCode.NoSuchObject)
            {
                return null;
            }
            catch (Exception e) when (e is DirectoryException or LdapException or DllNotFoundException)
            {
                throw CloudError.Unavailable($"The directory {options.Host}:{options.Port} of your organisation cannot be asked: {e.Message} Whoever runs the cloud checks the domain's ldap options.", e);
            }
        });
    }

    private static LdapConnection? Try(DirectoryOptions options, string dn, string password)
    {
        try
        {
            return Connect(options, dn, password);
        }
        catch (LdapException e) when (e.ErrorCode == WrongPassword)
        {
            return null;
        }
    }

    private static LdapConnection Connect(DirectoryOptions options, string? dn, string? password)
    {
        var connection = new LdapConnection(new LdapDirectoryIdentifier(options.Host, options.Port)) { Timeout = Limit, AuthType = dn is null ? AuthType.Anonymous : AuthType.Basic };
        try
        {
            connection.SessionOptions.ProtocolVersion = 3;
            connection.SessionOptions.ReferralChasing = ReferralChasingOptions.None;
            connection.SessionOptions.SecureSocketLayer = options.Secure;
            if (options.StartTls) connection.SessionOptions.StartTransportLayerSecurity(null);
            if (dn is null) connection.Bind();
            else connection.Bind(new NetworkCredential(dn, password));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static string? Value(SearchResultEntry entry, string attribute) => entry.Attributes[attribute]?.GetValues(typeof(string)) is [string { Length: > 0 } text, ..] ? text : null;
}
