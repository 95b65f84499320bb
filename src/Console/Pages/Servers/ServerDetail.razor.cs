using Microsoft.AspNetCore.Components;
using Xiangyun.Client;
using Xiangyun.Client.Records;
using Xiangyun.Console.Kit;
using Xiangyun.Console.Pages.Networks;

namespace Xiangyun.Console.Pages.Servers;

/// <summary>One server: what it is, where it stands in the network, what was done to it, its log and its screen. The tab stands in the address.</summary>
public sealed partial class ServerDetail : IDisposable
{
    private static readonly string[] Tabs = ["summary", "metrics", "topology", "actions", "log", "console"];
    private readonly CancellationTokenSource _gone = new();
    private Server? _server;
    private string? _image, _log, _screen;
    private object? _picture;
    private List<ServerAction> _actions = [];
    private Exception? _error;
    private string _shown = "";

    [Parameter] public string Id { get; set; } = "";
    [SupplyParameterFromQuery] private string? Tab { get; set; }

    private string Here => Tabs.Contains(Tab) ? Tab! : "summary";
    private bool May => Session.Has("member");
    private string Path => $"/servers/{Uri.EscapeDataString(Id)}";

    protected override async Task OnParametersSetAsync()
    {
        if (!RendererInfo.IsInteractive || _shown == $"{Id} {Here}") return;
        var first = _shown.Length == 0;
        _shown = $"{Id} {Here}";
        await Load();
        if (first) _ = Watch();
    }

    private async Task Load(bool quiet = false)
    {
        if (!quiet) _error = null;
        try
        {
            _server = await Api.Get<Server>("compute", Path, "server");
            if (Here == "summary" && _image is null && _server.ImageId is { } image) _image = await NameOf(image);
            if (Here == "actions") _actions = await Api.Get<List<ServerAction>>("compute", $"{Path}/os-instance-actions", "instanceActions");
            if (Here == "topology" && _picture is null) _picture = TopologyChart.Of(new TopologyMap((await Topology.Load(Api)).Around(Id), Id), W);
            if (Here == "log") _log = (await Api.Post<Output>("compute", $"{Path}/action", new Dictionary<string, object> { ["os-getConsoleOutput"] = new { length = 500 } })).Text;
            if (Here != "console") _screen = null;
        }
        catch (Exception e) when (e is Refusal or HttpRequestException)
        {
            if (!quiet) _error = e;
        }
    }

    private async Task Watch()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(3));
        try
        {
            while (await timer.WaitForNextTickAsync(_gone.Token))
                if (_server?.Busy == true) await InvokeAsync(async () => { await Load(quiet: true); StateHasChanged(); });
        }
        catch (OperationCanceledException)
        {
            // the page was left
        }
    }

    private async Task<string> NameOf(string image)
    {
        try
        {
            return (await Api.Get<Image>("image", $"/images/{image}")).Name;
        }
        catch (Refusal)
        {
            return image; // deleted since, or not ours to see
        }
    }

    private async Task Act(string words, string action)
    {
        if (await Try(W[words], () => ServerActions.Do(Api, Id, action))) await Load(quiet: true);
    }

    private async Task OpenConsole()
    {
        await Try(W["detail.open_console"], async () =>
        {
            var console = await Api.Post<RemoteConsole>("compute", $"{Path}/remote-consoles", new { remote_console = new { protocol = "vnc", type = "novnc" } }, "remote_console");
            _screen = new Uri(console.Url).PathAndQuery; // of this very address, whatever name the browser knows it by
        });
    }

    private async Task Rename()
    {
        var form = new Form(W["detail.rename"], [new("name", W["kit.name"]) { Value = _server!.Name, Required = true }],
            f => Api.Do(HttpMethod.Put, "compute", Path, new { server = new { name = f["name"] } }), f => $"openstack server set --name {Cli.Quote(f["name"])} {Id}");
        if (await Fill(form)) await Load(quiet: true);
    }

    private async Task MakeImage()
    {
        var form = new Form(W["detail.snapshot"], [new("name", W["kit.name"]) { Value = _server!.Name + "-image", Required = true }],
            f => Api.Do(HttpMethod.Post, "compute", $"{Path}/action", new Dictionary<string, object> { ["createImage"] = new { name = f["name"] } }), f => $"openstack server image create --name {Cli.Quote(f["name"])} {Id}");
        if (await Fill(form)) await Load(quiet: true);
    }

    private async Task Delete()
    {
        if (await Sure(W["kit.delete"], W.Of("servers.delete_sure", 1, _server!.Name)) && await Try(W["kit.delete"], () => Api.Do(HttpMethod.Delete, "compute", Path))) Navigation.NavigateTo(At("/servers"));
    }

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }

    private sealed record Output([property: System.Text.Json.Serialization.JsonPropertyName("output")] string Text);
}
