using Microsoft.Playwright;

namespace Xiangyun.Browser;

/// <summary>
/// No form offers what the cloud would refuse. Every form that a person can reach from the menu, a first row or a first detail
/// page is opened, the first and the last option of each choice are sent, and a refusal by the cloud fails: the form should have known.
/// </summary>
public sealed class Forms(OwnEstate own) : IClassFixture<OwnEstate>
{
    private readonly Estate _estate = own.Estate;

    private static int _names;

    /// <summary>Not sent here: what would lock out the account that walks, or sign it out.</summary>
    private static readonly string[] NotHere = ["password", "totp", "sign-out-everywhere", "add-passkey", "open-console", "language", "theme"];

    private const string Openers = ".xy-main .xy-head button, .xy-main .xy-cardhead button, .xy-main tbody tr:first-child .xy-menu button, .xy-main #family-system li button, .xy-ice-below > .xy-ice-branch:first-child > .xy-ice-box > [data-change]";

    [Theory]
    [InlineData(null, "Default")]
    [InlineData("security", "Default")]
    [InlineData("auditor", "Default")]
    [InlineData("jyj-admin", "市教育局")]
    [InlineData("jyj-op", "市教育局")]
    [InlineData("jyj-view", "市教育局")]
    public async Task what_a_form_offers_is_taken(string? user, string domain)
    {
        await using var visit = await _estate.Visit("en", user: user, domain: domain);
        var (refused, pressed, walked) = (new HashSet<string>(), new HashSet<string>(), new HashSet<string>());
        foreach (var link in (await visit.Menu()).Append("/console/account"))
        {
            await Page(visit, link, refused, pressed, walked); // it ends where it began
            // the first one that is not the walker: nobody is offered much about oneself
            if (await visit.Page.EvaluateAsync<string?>("me => [...document.querySelectorAll('tbody tr a.xy-name')].find(a => a.textContent.trim() !== me)?.getAttribute('href') ?? null", user ?? "admin") is { } detail && detail.Count(c => c == '/') > 2) await Page(visit, detail, refused, pressed, walked);
        }
        TestContext.Current.SendDiagnosticMessage($"{user ?? "admin"}: {walked.Count} forms: {string.Join(", ", walked.Order())}");
        Assert.True(refused.Count == 0, $"{user ?? "admin"}:\n" + string.Join('\n', refused));
        if (user == "jyj-view") Assert.DoesNotContain(walked, w => !w.StartsWith("/console/account", StringComparison.Ordinal));
        else if (user is not ("auditor" or "security")) Assert.NotEmpty(walked); // the other two administrators change little, and not what another has asked for already
        visit.IsClean();
    }

    [Fact]
    public async Task each_flavor_and_image_that_the_server_form_lets_through_is_made()
    {
        await using var visit = await _estate.Visit("en", user: "zfb-op", domain: "市政府办公室");
        var page = visit.Page;
        await visit.Open("/servers/create");
        await page.WaitForSelectorAsync("#placement");
        var (flavors, images) = (await page.Locator("[name=flavor]").CountAsync(), await page.Locator("#image option").CountAsync());
        for (var n = 0; n < Math.Max(flavors, images); n++)
        {
            await visit.Open("/servers/create");
            await page.WaitForSelectorAsync("#placement");
            await page.SelectOptionAsync("#image", new SelectOptionValue { Index = n % images });
            if (await page.Locator("[name=flavor]").Nth(n % flavors).IsDisabledAsync()) continue; // no host takes it: it is not offered
            await page.Locator("[name=flavor]").Nth(n % flavors).CheckAsync();
            await page.FillAsync("#name", $"offered-{n}");
            await page.WaitForTimeoutAsync(600);
            if (await page.IsDisabledAsync("#submit")) continue; // the form says why
            await page.ClickAsync("#submit");
            await page.WaitForSelectorAsync("#create, .xy-note.bad, #needs-approval");
            Assert.Equal(0, await page.Locator(".xy-note.bad").CountAsync());
        }
        visit.IsClean();
    }

    /// <summary>Opens what a page offers to open, one after the other; what another page of its kind offered under the same name is not opened again.</summary>
    private static async Task Page(Visit visit, string link, HashSet<string> refused, HashSet<string> pressed, HashSet<string> walked)
    {
        await Go(visit, link);
        while (await Next(visit, link, pressed) is { } name)
        {
            if (!await Press(visit, name))
            {
                await Toasts(visit, $"{link} {name}", refused);
                await Go(visit, link); // it may have done something or led elsewhere
                continue;
            }
            var title = await visit.Page.InnerTextAsync(".mud-dialog h2");
            walked.Add($"{Kind(link)} {title.Split(" of ")[0].Split(" for ")[0]}");
            if (await visit.Page.Locator(".mud-dialog .xy-clibox").CountAsync() == 0 && !link.Contains("approvals/", StringComparison.Ordinal)) refused.Add($"{link} {title}: does not show the same by command line");
            // of each choice the last one that is offered, the others as they are at first
            var choices = await visit.Page.EvalOnSelectorAllAsync<int[]>(".mud-dialog select", "all => all.map(s => Math.max(0, ...[...s.options].map((o, n) => o.disabled ? 0 : n)))");
            await Send(visit, $"{link} {title}", refused);
            foreach (var (option, choice) in choices.Select((o, c) => (o, c)).Where(c => c.o > 0))
            {
                if (!await Again(visit, link, name)) break;
                var select = visit.Page.Locator(".mud-dialog select").Nth(choice);
                if (await select.CountAsync() == 0 || await select.Locator("option:not(:disabled)").CountAsync() == 0) continue;
                var last = await select.EvaluateAsync<int>("(s, wanted) => Math.max(0, ...[...s.options].map((o, n) => o.disabled || n > wanted ? 0 : n))", option);
                await select.SelectOptionAsync(new SelectOptionValue { Index = last });
                await Send(visit, $"{link} {title} [{await select.GetAttributeAsync("id")} = {await select.EvaluateAsync<string>("s => s.options[s.selectedIndex]?.text")}]", refused);
            }
            if (!await Close(visit)) await Go(visit, link);
        }
    }

    /// <summary>What was not pressed yet. Parts of a page that come a moment later are waited for once.</summary>
    private static async Task<string?> Next(Visit visit, string link, HashSet<string> pressed)
    {
        for (var tries = 0; tries < 2; tries++)
        {
            if ((await Offered(visit)).FirstOrDefault(o => pressed.Add($"{Kind(link)} {o}")) is { } name) return name;
            if (tries == 0) await visit.Page.WaitForTimeoutAsync(500);
        }
        return null;
    }

    /// <summary>The same form once more, as it is at first.</summary>
    private static async Task<bool> Again(Visit visit, string link, string name)
    {
        if (await Close(visit) && await Press(visit, name)) return true;
        await Go(visit, link); // what was sent changed the page
        return await Press(visit, name);
    }

    /// <returns>Whether it was still open: nothing was done, and the page stands as it was.</returns>
    private static async Task<bool> Close(Visit visit)
    {
        if (await visit.Page.Locator(".mud-dialog").CountAsync() == 0) return false;
        await visit.Page.Locator(".mud-dialog .mud-dialog-actions button").First.ClickAsync();
        await visit.Page.WaitForSelectorAsync(".mud-dialog", new() { State = WaitForSelectorState.Detached });
        return true;
    }

    private static async Task Go(Visit visit, string link)
    {
        await visit.Page.GotoAsync(link);
        await Ready(visit);
    }

    private static async Task Ready(Visit visit)
    {
        await visit.Page.WaitForSelectorAsync(".xy-main[data-live] :is(h1, .xy-blank)");
        await visit.Page.WaitForFunctionAsync("() => !document.querySelector('.xy-ghost, .xy-main [aria-busy=true]')");
    }

    private static string Kind(string link) => string.Join('/', link.Split('?')[0].Split('/').Take(3)) + (link.Count(c => c == '/') > 2 ? "/…" : "");

    private const string Found = """
        const found = ([openers, not]) => [...document.querySelectorAll(openers)].filter(b => !b.disabled && !not.includes(b.id) && !b.closest('.xy-views') && !b.dataset.copy
            && !/^(refresh|start|stop|reboot|hard reboot|end|disable.*|enable.*|stop placing.*|place here.*|restore.*)$/i.test(b.textContent.trim())), nameOf = b => b.id || b.textContent.trim() || b.title || '?';
        """;

    /// <summary>The names of the buttons of the page that may open a form.</summary>
    private static async Task<string[]> Offered(Visit visit)
    {
        await Menus(visit);
        return await visit.Page.EvaluateAsync<string[]>("([openers, not]) => { " + Found + " return found([openers, not]).map(nameOf); }", new object[] { Openers, NotHere });
    }

    /// <summary>Menus of rows are made when somebody opens them.</summary>
    private static async Task Menus(Visit visit)
    {
        if (!await visit.Page.EvaluateAsync<bool>("() => { let made = false; for (const d of document.querySelectorAll('.xy-main tbody tr:first-child .xy-menu details')) if (!d.querySelector('.xy-sheet').children.length) { d.querySelector('summary').click(); made = true; } return made; }")) return;
        try
        {
            await visit.Page.WaitForFunctionAsync("() => [...document.querySelectorAll('.xy-main tbody tr:first-child .xy-menu .xy-sheet')].every(s => s.children.length)", null, new() { Timeout = 4000 });
        }
        catch (TimeoutException) { } // there is nothing that this person may do with it
    }

    /// <summary>Presses the one of that name; whether a form came.</summary>
    private static async Task<bool> Press(Visit visit, string name)
    {
        await Menus(visit);
        if (!await visit.Page.EvaluateAsync<bool>("([openers, not, name]) => { " + Found + " const one = found([openers, not]).find(b => nameOf(b) === name); for (let d = one?.closest('details'); d; d = d.parentElement.closest('details')) d.open = true; one?.click(); return !!one; }", new object[] { Openers, NotHere, name })) return false;
        try
        {
            await visit.Page.WaitForSelectorAsync(".mud-dialog :is(#form, .mud-dialog-actions button)", new() { Timeout = 4000 });
        }
        catch (TimeoutException)
        {
            return false; // it was not for opening anything
        }
        return await visit.Page.Locator(".mud-dialog #form").CountAsync() > 0; // else a question, whose answer is not a form's
    }

    private static async Task Send(Visit visit, string what, HashSet<string> refused)
    {
        var page = visit.Page;
        foreach (var field in await page.Locator(".mud-dialog .xy-field:has(label.xy-must) > input, .mud-dialog .xy-field:has(label.xy-must) > textarea").AllAsync())
        {
            if ((await field.InputValueAsync()).Length > 0) continue;
            await field.FillAsync(await field.GetAttributeAsync("type") switch { "password" => "Correct-Horse-9-Battery", "number" => await field.GetAttributeAsync("min") is { Length: > 0 } min && min != "0" ? min : "1", _ => $"walk {Environment.ProcessId}-{++_names}" });
        }
        for (var again = 0; again < 2; again++)
        {
            await page.WaitForTimeoutAsync(again == 0 ? 150 : 50);
            if (await page.IsDisabledAsync("#submit")) return; // it says what is short, and does not offer it
            await page.ClickAsync("#submit");
            await page.WaitForFunctionAsync("again => !document.querySelector('.mud-dialog #form') || document.querySelector('.mud-dialog .xy-note.bad, .mud-dialog .xy-wrong' + (again ? '' : ', #needs-approval'))", again > 0);
            if (again > 0 || await page.Locator("#needs-approval").CountAsync() == 0) break;
            await page.FillAsync("#form-why", "walk");
        }
        // whether a host has room at this moment only placement knows, and its answer is what the form tells
        if (await page.Locator(".mud-dialog [data-refused]:not(:has-text('No valid host was found'))").CountAsync() > 0) refused.Add($"{what}: {await page.InnerTextAsync(".mud-dialog [data-refused]")}");
        await Toasts(visit, what, refused);
    }

    /// <summary>What was done at once and refused is told at the edge.</summary>
    private static async Task Toasts(Visit visit, string what, HashSet<string> refused)
    {
        foreach (var toast in await visit.Page.Locator(".mud-snackbar.mud-alert-filled-error").AllInnerTextsAsync()) refused.Add($"{what}: {toast}");
    }
}

/// <summary>An estate for tests that change everything, so that no other test finds it changed.</summary>
public sealed class OwnEstate : IAsyncLifetime
{
    public Estate Estate { get; } = new();

    public ValueTask InitializeAsync() => Estate.InitializeAsync();

    public ValueTask DisposeAsync() => Estate.DisposeAsync();
}
