using System.Net;
using System.Text.Json.Nodes;
using Xiangyun.Identity.DomainConfigs;
using Xiangyun.Kernel;

namespace Xiangyun.Identity.Directories;

/// <summary>How to ask the directory (LDAP) of a domain: Keystone's own options, with its names and defaults. Pure.</summary>
internal sealed record DirectoryOptions(string Host, int Port, bool Secure, bool StartTls, string? User, string? SealedPassword, string Tree, string ObjectClass, string IdAttribute, string NameAttribute, string MailAttribute, string? Filter)
{
    /// <returns>null when the people of this domain are kept here.</returns>
    /// <exception cref="CloudError">The options cannot work.</exception>
    public static DirectoryOptions? Of(IReadOnlyCollection<OptionRow> rows)
    {
        string? Text(string name, string section = "ldap") => rows.FirstOrDefault(r => r.Section == section && r.Name == name) is { } row ? JsonNode.Parse(row.Value)!.ToString() : null;
        if (Text("driver", "identity") != "ldap") return null;
        var text = Text("url") ?? "ldap://localhost";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("ldap" or "ldaps") || url.Host.Length == 0) throw Wrong($"The option ldap.url '{text}' is no address such as ldaps://directory.example:636.");
        var (secure, start) = (url.Scheme == "ldaps", Text("use_tls") is "true" or "True");
        if (!secure && !start && !IsHere(url.Host)) throw Wrong($"The directory {url.Host} would be asked without encryption: use ldaps:// or set ldap.use_tls to true. Only a directory on this machine may be asked in plain.");
        var tree = Text("user_tree_dn") ?? Text("suffix") ?? throw Wrong("The option ldap.user_tree_dn is missing: the node of the directory below which the people are.");
        return new DirectoryOptions(url.Host, url.IsDefaultPort || url.Port < 0 ? secure ? 636 : 389 : url.Port, secure, start, Text("user"), Text("password"), tree, Text("user_objectclass") ?? "inetOrgPerson",
            Text("user_id_attribute") ?? "cn", Text("user_name_attribute") ?? "sn", Text("user_mail_attribute") ?? "mail", Text("user_filter"));
    }

    /// <summary>Options are kept as they come, in any order, so it shows only when they are needed.</summary>
    private static CloudError Wrong(string why) => CloudError.Unavailable($"The directory of your organisation cannot be asked. {why} Whoever runs the cloud corrects the domain's configuration.");

    private static bool IsHere(string host) => host == "localhost" || IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address);

    /// <summary>The search for one person; what was typed is never part of the filter's grammar (RFC 4515).</summary>
    public string FilterFor(string name) => $"(&(objectClass={ObjectClass})({NameAttribute}={Escaped(name)}){Filter})";

    private static string Escaped(string text) => string.Concat(text.Select(c => c is '*' or '(' or ')' or '\\' or '\0' ? $"\\{(int)c:x2}" : c.ToString()));
}
