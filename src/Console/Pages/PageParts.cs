using Microsoft.AspNetCore.Components;
using MudBlazor;
using Xiangyun.Client;
using Xiangyun.Client.Records;
using Xiangyun.Console.Kit;
using Xiangyun.Console.Shell;

namespace Xiangyun.Console.Pages;

/// <summary>What every page has: words, the caller's API, and one way to do something and tell how it ended.</summary>
public abstract class PageParts : ComponentBase
{
    [Inject] private protected Desk Desk { get; set; } = null!;
    [Inject] protected NavigationManager Navigation { get; set; } = null!;
    [Inject] protected ISnackbar Toasts { get; set; } = null!;
    [Inject] protected IDialogService Dialogs { get; set; } = null!;
    [CascadingParameter] private protected Words W { get; set; } = null!;

    private protected Api Api => Desk.Api;
    private protected Session Session => Desk.Session;

    protected static string At(string path) => ConsoleModule.Root + path;

    /// <summary>What the scope may still use of the quotas that organisations divide.</summary>
    protected async Task<IReadOnlyList<Quota>> Quotas() => Session.Scope?.Id is { } id ? await Api.Get<List<Quota>>("xiangyun", $"/organisations/{id}/quotas", "quotas") : [];

    /// <summary>Asks first, in a dialog that says what will happen.</summary>
    protected async Task<bool> Sure(string title, string text, bool danger = true)
    {
        var dialog = await Dialogs.ShowAsync<Confirm>(title, new DialogParameters<Confirm> { { c => c.Text, text }, { c => c.Title, title }, { c => c.Danger, danger } }, new DialogOptions { MaxWidth = MaxWidth.Small, FullWidth = true });
        return await dialog.Result is { Canceled: false };
    }

    /// <summary>Shows a small form.</summary>
    /// <returns>Whether it was sent and taken.</returns>
    protected async Task<bool> Fill(Form form)
    {
        var dialog = await Dialogs.ShowAsync<FormDialog>(form.Title, new DialogParameters<FormDialog> { { f => f.Form, form } }, new DialogOptions { MaxWidth = MaxWidth.Small, FullWidth = true });
        if (await dialog.Result is not { Canceled: false }) return false;
        Toasts.Add(W.Of("kit.requested", form.Title), Severity.Success);
        return true;
    }

    /// <summary>A form that makes something, or asks for it where the organisation wants somebody else to agree first.</summary>
    private protected Form OrAsk(Form form, string kind, string service, string path, Func<IReadOnlyDictionary<string, string>, object> body) => form with
    {
        Rehearse = f => Api.Post<Rehearsal>(service, path + "?dry_run=true", body(f)), Submit = f => Api.Do(HttpMethod.Post, service, path, body(f)), Apply = (f, why) => Approvals.RequestForms.Send(Api, kind, body(f), why, service),
    };

    /// <summary>Does one thing and says how it ended.</summary>
    /// <returns>Whether it worked.</returns>
    protected async Task<bool> Try(string what, Func<Task> act)
    {
        try
        {
            await act();
            Toasts.Add(W.Of("kit.requested", what), Severity.Success);
            return true;
        }
        catch (Refusal e)
        {
            Toasts.Add($"{what}: {e.Message}", Severity.Error);
            return false;
        }
    }

    /// <summary>Does the same to many, a few at once, and shows for each how it ended.</summary>
    protected async Task TryAll<T>(string what, IReadOnlyList<T> targets, Func<T, string> name, Func<T, Task> act)
    {
        if (targets.Count == 1)
        {
            await Try(what, () => act(targets[0]));
            return;
        }
        async Task<string?> One(int n)
        {
            try
            {
                await act(targets[n]);
                return null;
            }
            catch (Exception e) when (e is Refusal or HttpRequestException)
            {
                return e is Refusal ? e.Message : W["state.unreachable"];
            }
        }
        var dialog = await Dialogs.ShowAsync<Outcomes>(what, new DialogParameters<Outcomes> { { o => o.Title, what }, { o => o.Names, [.. targets.Select(name)] }, { o => o.Act, One } }, new DialogOptions { MaxWidth = MaxWidth.Small, FullWidth = true });
        if (await dialog.Result is { Data: true }) Toasts.Add(W.Of("kit.requested", what), Severity.Success);
    }
}
