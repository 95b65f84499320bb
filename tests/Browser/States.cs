using System.Text.RegularExpressions;

namespace Xiangyun.Browser;

/// <summary>What a page shows when there is nothing, when what it is about is not there, and when it is not the reader's: words, never a failure of ours.</summary>
public sealed class States(Estate estate)
{
    private static readonly string[] Lists = ["/servers", "/images", "/volumes", "/snapshots", "/networks", "/security-groups", "/approvals?show=all", "/loans", "/recycle-bin", "/topology", "/organisations", "/hosts", "/screen-links", "/people", "/administrators", "/audit", "/account", "/search?q=zz"];
    private static readonly string[] Details = ["/servers/", "/approvals/", "/audit/", "/hosts/", "/people/", "/security-groups/"];

    private static readonly Regex Ours = new("Something unexpected went wrong|页面出现了意外问题");

    [Theory]
    [InlineData("zh", null, "Default")]
    [InlineData("en", "security", "Default")]
    [InlineData("zh", "auditor", "Default")]
    [InlineData("en", "jyj-admin", "市教育局")]
    [InlineData("zh", "jyj-op", "市教育局")]
    [InlineData("en", "jyj-view", "市教育局")]
    public async Task whoever_types_any_address_gets_the_page_or_words_why_not(string language, string? user, string domain)
    {
        await using var visit = await estate.Visit(language, user: user, domain: domain);
        var wrong = new List<string>();
        foreach (var path in Lists.Concat(Details.Select(d => d + "00000000-0000-0000-0000-000000000000")).Concat(Details.Take(3).Select(d => d + Uri.EscapeDataString("<b>no/such</b>"))))
        {
            await visit.Page.GotoAsync("/console" + path);
            await visit.Page.WaitForSelectorAsync(".xy-main h1, .xy-main .xy-blank");
            await visit.Page.WaitForFunctionAsync("() => !document.querySelector('.xy-ghost, [aria-busy=true]')");
            await visit.Page.WaitForTimeoutAsync(250);
            var text = await visit.Page.InnerTextAsync(".xy-main");
            if (Ours.IsMatch(text)) wrong.Add($"{path}: {text}");
            if (Details.Any(d => path.StartsWith(d, StringComparison.Ordinal)) && await visit.Page.Locator(".xy-main .xy-blank").CountAsync() == 0) wrong.Add($"{path} does not say that it is not there: {text}");
        }
        Assert.True(wrong.Count == 0, $"{user ?? "admin"}:\n" + string.Join('\n', wrong));
        visit.IsClean();
    }

    [Theory]
    [InlineData("zh")]
    [InlineData("en")]
    public async Task a_list_without_anything_says_so_and_a_missing_thing_is_told(string language)
    {
        await using var visit = await estate.Visit(language, user: "jyj-op", domain: "市教育局");
        foreach (var path in new[] { "/servers", "/images", "/volumes", "/snapshots", "/networks", "/security-groups" })
        {
            await visit.Open(path + "?f.name=no-such-thing-anywhere");
            Assert.True(await visit.Page.Locator(".xy-list .xy-blank").CountAsync() == 1, $"{path}: {await visit.Page.InnerTextAsync(".xy-list")}");
        }
        await visit.Picture($"state-none-{language}");
        await visit.Open("/servers/00000000-0000-0000-0000-000000000000");
        Assert.Equal("NotFound", await visit.Page.GetAttributeAsync("[data-refused]", "data-refused"));
        await visit.Picture($"state-gone-{language}");
        await visit.Open("/hosts");
        Assert.Equal("Forbidden", await visit.Page.GetAttributeAsync("[data-refused]", "data-refused"));
        await visit.Picture($"state-forbidden-{language}");
        visit.IsClean();
    }
}
