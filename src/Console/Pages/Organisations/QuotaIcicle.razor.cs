using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Xiangyun.Client;
using Xiangyun.Client.Records;
using Xiangyun.Console.Kit;

namespace Xiangyun.Console.Pages.Organisations;

/// <summary>Areas are grants; where there is none, the use. The free rest of a grant is an area of its own, so that dragging one edge shows where the difference comes from.</summary>
public sealed partial class QuotaIcicle
{
    private const int Deep = 2;
    private ElementReference _element;
    private IJSObjectReference? _script;
    private DotNetObjectReference<QuotaIcicle>? _self;
    private QuotaTreePiece? _piece;
    private Exception? _error;
    private string _shown = "";
    private bool _draw;

    [Parameter, EditorRequired] public string Id { get; set; } = "";
    [Parameter, EditorRequired] public string Resource { get; set; } = "";
    /// <summary>A grant was changed.</summary>
    [Parameter] public EventCallback Changed { get; set; }

    private QuotaNode? Top => _piece?.Nodes.FirstOrDefault(n => n.Depth == 0);
    private ILookup<string, QuotaNode> Below => _piece!.Nodes.ToLookup(n => n.ParentId ?? "");
    private int Tall => Math.Clamp(_piece!.Nodes.Count(n => n.Depth == 1) * 26, 300, 1000);
    private string Loans => JsonSerializer.Serialize(_piece!.Loans.Select(l => new { from = l.LenderId, to = l.BorrowerId, title = $"{Name(l.LenderId)} → {Name(l.BorrowerId)}: {Numbers.Count(l.Amount)}" }));

    protected override Task OnParametersSetAsync() => RendererInfo.IsInteractive && _shown != $"{Id} {Resource}" ? Load() : Task.CompletedTask;

    private async Task Load()
    {
        (_shown, _error) = ($"{Id} {Resource}", null);
        try
        {
            var piece = await Api.Get<QuotaTreePiece>("xiangyun", $"/organisations/{Id}/quota-tree?resource={Resource}&depth={Deep}", "quota_tree");
            _piece = piece with { Nodes = [.. piece.Nodes.Select(n => n.Id == "cloud" ? n with { Name = W["scope.whole"] } : n)] };
            _draw = true;
        }
        catch (Exception e) when (e is Refusal or HttpRequestException)
        {
            _error = e;
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_draw || _piece is null) return;
        _draw = false;
        try
        {
            _script ??= await Js.InvokeAsync<IJSObjectReference>("import", "/_content/Xiangyun.Console/icicle.js");
            await _script.InvokeVoidAsync("draw", _element, _self ??= DotNetObjectReference.Create(this));
        }
        catch (JSDisconnectedException)
        {
            // the page was closed meanwhile
        }
    }

    /// <summary>Changes the grant of the node that the picture begins with.</summary>
    public Task Begin() => Top is { MayGrant: true } top ? Ask(top, top.Granted) : Task.CompletedTask;

    /// <summary>An edge was dragged or moved by key to that grant.</summary>
    [JSInvokable]
    public async Task Dropped(string id, long amount)
    {
        if (_piece?.Nodes.FirstOrDefault(n => n.Id == id) is { MayGrant: true } node && node.Granted != amount) await Ask(node, amount);
    }

    private async Task Ask(QuotaNode n, long? amount)
    {
        string Now(long? granted) => granted is { } g ? Numbers.Count(g) : W["organisations.shared"];
        var rule = n.Most is { } most ? W.Of("icicle.rule", Numbers.Count(n.Least), Numbers.Count(most)) : W.Of("icicle.rule_open", Numbers.Count(n.Least));
        var form = new Form(W.Of("icicle.change", n.Name),
            [new("amount", W["organisations.new_grant"]) { Kind = "number", Value = $"{amount}", Min = n.Least, Max = n.Most, Hint = $"{W.Of("icicle.before", Now(n.Granted))} {rule}" }],
            f => Api.Do(HttpMethod.Put, "xiangyun", $"/organisations/{n.Id}/quotas", new { quotas = new Dictionary<string, long?> { [Resource] = Amount(f["amount"]) } }),
            f => Cli.Curl("PUT", $"/organisations/{n.Id}/quotas", new { quotas = new Dictionary<string, long?> { [Resource] = Amount(f["amount"]) } }))
        { Check = f => Amount(f["amount"]) is { } wanted ? wanted < n.Least || wanted > n.Most ? rule : null : n.Lent > 0 ? W["icicle.lent"] : null };
        if (!await Fill(form)) return;
        await Load();
        StateHasChanged();
        await Changed.InvokeAsync();
    }

    private static long? Amount(string text) => long.TryParse(text, CultureInfo.InvariantCulture, out var amount) ? amount : null;

    private string Name(string id) => _piece!.Nodes.FirstOrDefault(n => n.Id == id)?.Name ?? id[..Math.Min(8, id.Length)] + "…";

    private static double? Full(QuotaNode n) => n.Granted is { } granted && granted + n.Borrowed - n.Lent > 0 ? Math.Clamp(100.0 * n.Used / (granted + n.Borrowed - n.Lent), 0, 100) : null;

    private static string Heat(QuotaNode n) => Full(n) switch { >= 90 => "hot", >= 75 => "warm", _ => n.Granted is null ? "shares" : "" };

    private double Weight(QuotaNode n) => Math.Max(n.Granted ?? Math.Max(n.Used, n.HandedOut), 0.001);

    /// <summary>What is left of a grant beside what stands below it in the picture.</summary>
    private double Free(QuotaNode n) => n.Granted is { } granted ? Math.Max(0, granted - Below[n.Id].Sum(Weight)) : 0;

    private long Largest(QuotaNode n) => n.Most ?? Math.Max(10, n.Granted!.Value * 4);

    /// <summary>Steps that people would choose: 1, 2 or 5 times a power of ten; whole GiB where the unit is MiB.</summary>
    private long Step(QuotaNode n)
    {
        var unit = Resource == "compute.ram" ? 1024L : 1;
        var rough = Math.Max(1, n.Granted!.Value / unit / 50);
        var power = (long)Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return unit * power * (rough / power >= 5 ? 5 : rough / power >= 2 ? 2 : 1);
    }

    private static string Css(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);

    private string Amount(QuotaNode n) => n.Granted is { } granted ? $"{Numbers.Count(n.Used)} / {Numbers.Count(granted)}" : $"{W["organisations.used"]} {Numbers.Count(n.Used)}";

    private string Told(QuotaNode n) => $"{n.Name}\n{W["organisations.granted"]} {(n.Granted is { } g ? Numbers.Count(g) : W["organisations.shared"])}\n{W["organisations.used"]} {Numbers.Count(n.Used)}\n{W["organisations.handed_out"]} {Numbers.Count(n.HandedOut)}{(n.Left is { } l ? $"\n{W["organisations.left"]} {Numbers.Count(l)}" : "")}";

    private string Link(string id) => At($"/organisations?id={Uri.EscapeDataString(id)}&resource={Resource}");

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_script is not null) await _script.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // the page is gone
        }
        _self?.Dispose();
    }
}
