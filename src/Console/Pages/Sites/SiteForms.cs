using Xiangyun.Client.Records;
using Xiangyun.Console.Kit;
using Xiangyun.Console.Shell;

namespace Xiangyun.Console.Pages.Sites;

/// <summary>The fields of a site, as the form to make one and the form to change one have them.</summary>
internal static class SiteForms
{
    public static IReadOnlyList<Field> Fields(Words w, Site? site)
    {
        var contact = site?.Contacts.FirstOrDefault();
        return
        [
            new("name", w["kit.name"]) { Required = true, Value = site?.Name ?? "" },
            new("hosts", w["sites.host_names"]) { Value = string.Join(' ', site?.HostNames ?? []), Hint = w["sites.host_names_hint"] },
            new("registration", w["sites.registration"]) { Value = site?.Registration ?? "", Hint = w["sites.registration_hint"] },
            new("contact", w["sites.contact"]) { Value = contact?.Name ?? "" }, new("phone", w["sites.contact_phone"]) { Value = contact?.Phone ?? "" }, new("email", w["sites.contact_email"]) { Value = contact?.Email ?? "" },
            new("description", w["kit.description"]) { Kind = "textarea", Value = site?.Description ?? "" },
        ];
    }

    /// <summary>The form knows one contact; the others of the site stay as they are.</summary>
    public static object Body(IReadOnlyDictionary<string, string> f, Site? site)
    {
        var contacts = (site?.Contacts ?? []).Skip(1).ToList();
        if (f["contact"].Trim() is { Length: > 0 } name) contacts.Insert(0, new Contact(name, site?.Contacts.FirstOrDefault()?.Duty, f["phone"].Trim(), f["email"].Trim()));
        return new
        {
            site = new
            {
                name = f["name"].Trim(), description = f["description"].Trim(), registration = f["registration"].Trim() is { Length: > 0 } number ? number : null, contacts,
                host_names = f["hosts"].Split([' ', ',', '，', '、', ';', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            },
        };
    }

    /// <summary>Where a member has a page of its own.</summary>
    public static string? Page(SiteMember m) => m.Kind switch { "server" => $"/servers/{m.Id}", "volume" => $"/volumes?f.name={Uri.EscapeDataString(m.Name ?? "")}", _ => null };
}
