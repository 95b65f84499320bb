using System.Globalization;
using System.Text.RegularExpressions;
using Xiangyun.Kernel;
using Xiangyun.Store.Members;

namespace Xiangyun.Hosting.Sites;

/// <summary>What a domain name and a registration number look like, and what the state of a site is. Pure.</summary>
internal static partial class SiteRules
{
    public const string Empty = "empty", Stopped = "stopped", Partly = "partly", Running = "running";
    private const string Server = "server";

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    /// <summary>In small letters and as DNS has it; Chinese names become punycode (RFC 5891).</summary>
    public static string HostName(string text)
    {
        string name;
        try
        {
            name = Idn.GetAscii(text.Trim().TrimEnd('.')).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            throw No();
        }
        return name.Length <= 253 && DomainName().IsMatch(name) ? name : throw No();

        CloudError No() => CloudError.Invalid($"'{text}' is no domain name. It has two or more parts of letters, digits and dashes, each at most 63 long: www.example.gov.cn. Neither a port nor a path belongs to it.");
    }

    public static string Shown(string name)
    {
        try
        {
            return Idn.GetUnicode(name);
        }
        catch (ArgumentException)
        {
            return name; // xn-- of something that means nothing
        }
    }

    /// <summary>省份简称, ICP备 or ICP证, 6 to 10 digits, 号, and the number of the site: 京ICP备12345678号-1.</summary>
    public static string Registration(string text)
    {
        var number = text.Replace(" ", "", StringComparison.Ordinal).Replace("icp", "ICP", StringComparison.OrdinalIgnoreCase);
        return Icp().IsMatch(number) ? number
            : throw CloudError.Invalid($"'{text}' is no ICP registration number. It looks like 京ICP备12345678号-1: the province, ICP备 or ICP证, 6 to 10 digits, 号, and the number of the site if it has one. Leave it out until there is one.");
    }

    /// <summary>Runs when all of it does; stopped when none of its servers does; without members it is a plan only.</summary>
    public static string Status(IReadOnlyCollection<Member> members) =>
        members.Count == 0 ? Empty : members.All(m => m.Up) && members.Any(m => m.Kind == Server) ? Running : members.Any(m => m.Kind == Server && m.Up) ? Partly : Stopped;

    [GeneratedRegex(@"^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?=[a-z0-9-]*[a-z])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])$")]
    private static partial Regex DomainName();

    [GeneratedRegex("^[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川蜀贵黔云滇藏陕秦甘陇青宁新]ICP[备证][0-9]{6,10}号(?:-[1-9][0-9]{0,3})?$")]
    private static partial Regex Icp();
}
