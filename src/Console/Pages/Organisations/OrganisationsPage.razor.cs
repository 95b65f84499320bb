using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Xiangyun.Client;
using Xiangyun.Client.Records;
using Xiangyun.Console.Kit;

namespace Xiangyun.Console.Pages.Organisations;

/// <summary>The tree as far as the caller may see it, one organisation's quotas, and a picture of how it is divided among those below. Which one and what resource stand in the address.</summary>
public partial class OrganisationsPage
{
    private IReadOnlyList<Organisation>? _all;
    private Organisation? _here;
    private IReadOnlyList<Quota> _quotas = [];
    private QuotaIcicle? _picture;
    private Exception? _error;
    private string _filter = "", _resource = "compute.cores", _shown = "";

    [SupplyParameterFromQuery] private string? Id { get; set; }
    [SupplyParameterFromQuery] private string? Resource { get; set; }

    private ILookup<string, Organisation> Below => _all!.ToLookup(o => o.ParentId ?? "");
    private IEnumerable<Organisation> Roots => (_all ?? []).Where(o => _all!.All(p => p.Id != o.ParentId)).OrderBy(o => o.Kind).ThenBy(o => o.Name, StringComparer.Ordinal);

    /// <summary>The manager of the level above grants; nobody grants to itself.</summary>
    private bool MayDivide => _here is { Kind: not "cloud" } here && (Session.IsAdmin || Session.Has("manager") && here.Id != Session.Scope?.Id);

    protected override Task OnParametersSetAsync() => RendererInfo.IsInteractive && _shown != $"{Id} {Resource}" ? Load() : Task.CompletedTask;

    private async Task Load()
    {
        _shown = $"{Id} {Resource}";
        _error = null;
        _resource = Resource ?? "compute.cores";
        try
        {
            _all ??= await Api.All<Organisation>("xiangyun", "/organisations", "organisations", o => o.Id);
            // the cloud itself is above all: the tree's answer leaves it out
            if (Session.IsAdmin && _all.All(o => o.Kind != "cloud")) _all = [new Organisation("cloud", W["scope.whole"], "cloud", null, null, true, null), .. _all];
            _here = _all.FirstOrDefault(o => o.Id == (Id ?? (Session.IsAdmin ? "cloud" : null))) ?? _all.FirstOrDefault(o => o.Id == Session.Scope?.Id) ?? Roots.FirstOrDefault();
            if (_here is null) return;
            _quotas = await QuotasOf(_here.Id);
        }
        catch (Exception e) when (e is Refusal or HttpRequestException)
        {
            _error = e;
        }
    }

    private async Task<IReadOnlyList<Quota>> QuotasOf(string id) => await Api.Get<List<Quota>>("xiangyun", $"/organisations/{id}/quotas", "quotas");

    private static double? Full(Quota? q) => q?.Granted is { } granted && granted + q.Borrowed - q.Lent > 0 ? 100.0 * q.Used / (granted + q.Borrowed - q.Lent) : null;

    private string Link(string id) => At($"/organisations?id={Uri.EscapeDataString(id)}&resource={_resource}");

    private void Pick(ChangeEventArgs e)
    {
        _resource = (string?)e.Value ?? _resource;
        Navigation.NavigateTo(Link(_here!.Id));
    }

    private RenderFragment Branch(Organisation o) => builder =>
    {
        if (!Matches(o)) return;
        builder.OpenElement(0, "li");
        builder.SetKey(o.Id);
        builder.OpenElement(1, "a");
        builder.AddAttribute(2, "href", Link(o.Id));
        builder.AddAttribute(3, "class", o.Id == _here?.Id ? "on" : null);
        builder.AddAttribute(3, "aria-current", o.Id == _here?.Id ? "true" : null);
        builder.OpenElement(4, "span");
        builder.AddContent(5, o.Name);
        builder.CloseElement();
        builder.AddContent(6, o.Enabled ? null : Tag);
        builder.CloseElement();
        // a level is opened when it is the one shown, above it, or when somebody filters
        if (_filter.Length > 0 || Open(o)) Children(builder, o);
        builder.CloseElement();
    };

    private void Children(RenderTreeBuilder builder, Organisation o)
    {
        builder.OpenElement(7, "ul");
        foreach (var child in Below[o.Id].OrderBy(c => c.Name, StringComparer.Ordinal)) builder.AddContent(8, Branch(child));
        builder.CloseElement();
    }

    private RenderFragment Tag => builder => builder.AddMarkupContent(0, "<span class=\"xy-tag\">●</span>");

    private bool Open(Organisation o)
    {
        for (var at = _here; at is not null; at = _all!.FirstOrDefault(p => p.Id == at.ParentId))
            if (at.Id == o.Id) return true;
        return o.Kind == "cloud";
    }

    private bool Matches(Organisation o) => _filter.Length == 0 || o.Name.Contains(_filter, StringComparison.OrdinalIgnoreCase) || Below[o.Id].Any(Matches);

    /// <summary>The grant of the one that is shown; those below are changed in the picture.</summary>
    private Task Change() => _picture?.Begin() ?? Task.CompletedTask;
}
