using System.Text;
using Microsoft.AspNetCore.Components;
using Xiangyun.Client;
using Xiangyun.Client.Records;
using Xiangyun.Console.Kit;

namespace Xiangyun.Console.Pages.Servers;

/// <summary>A server's form with its plan beside it: what it takes from the quota, and a rehearsal of where it would be placed. The button offers nothing that the cloud would refuse.</summary>
public sealed partial class ServerCreate
{
    private readonly HashSet<string> _chosen = [];
    private IReadOnlyList<Image> _images = [];
    private IReadOnlyList<Flavor> _flavors = [];
    private IReadOnlyList<Network> _networks = [];
    private IReadOnlyList<SecurityGroup> _groups = [];
    private List<KeypairEntry> _keys = [];
    private bool _needed;
    private string _why = "";
    private IReadOnlyList<Quota> _quotas = [];
    private Explanation? _explained;
    private IReadOnlySet<string> _homeless = new HashSet<string>();
    private Exception? _error;
    private Refusal? _refused;
    private bool _ready, _tried, _sending;
    private string _name = "", _group = "default", _key = "", _userData = "";
    private string? _image, _flavor;
    private int _count = 1, _asked;

    [SupplyParameterFromQuery] private string? Image { get; set; }

    private Flavor? Chosen => _flavors.FirstOrDefault(f => f.Id == _flavor);
    private Image? From => _images.FirstOrDefault(i => i.Id == _image);
    private bool TooSmall => Chosen is { } f && Small(f);

    private bool Closed => Chosen is { } f && WhyNot(f) is not null;

    private bool Small(Flavor f) => From is { } i && (f.Disk < i.MinDisk && f.Disk > 0 || f.Ram < i.MinRam);

    /// <summary>Why this one is not offered now.</summary>
    private string? WhyNot(Flavor f) => Small(f) ? W["create.too_small"] : _homeless.Contains(f.Id) ? W["create.fits_none"] : null;
    private bool Short => QuotaTakes.Short(_quotas, Takes);

    private IReadOnlyList<(string Resource, long Amount)> Takes => [("compute.instances", _count), ("compute.cores", (Chosen?.Vcpus ?? 0L) * _count), ("compute.ram", (Chosen?.Ram ?? 0L) * _count)];

    private string Command => $"openstack server create --image {Cli.Quote(From?.Name)} --flavor {Cli.Quote(Chosen?.Name)} {string.Join(' ', _networks.Where(n => _chosen.Contains(n.Id)).Select(n => "--network " + Cli.Quote(n.Name)))}{(_group.Length > 0 ? " --security-group " + Cli.Quote(_group) : "")}{(_key.Length > 0 ? " --key-name " + Cli.Quote(_key) : "")}{(_count > 1 ? $" --min {_count} --max {_count}" : "")} {Cli.Quote(_name.Length > 0 ? _name : "my-server")}";

    protected override Task OnInitializedAsync() => RendererInfo.IsInteractive ? Load() : Task.CompletedTask;

    private async Task Load()
    {
        _error = null;
        try
        {
            var images = Api.All<Image>("image", "/images?status=active", "images", i => i.Id);
            var flavors = Api.All<Flavor>("compute", "/flavors/detail", "flavors", f => f.Id);
            var networks = Api.All<Network>("network", "/networks", "networks", n => n.Id);
            var groups = Api.All<SecurityGroup>("network", $"/security-groups?project_id={Session.Scope?.Id}", "security_groups", g => g.Id);
            var keys = Api.Get<List<KeypairEntry>>("compute", "/os-keypairs", "keypairs");
            var quotas = Quotas();
            await Task.WhenAll(images, flavors, networks, groups, keys, quotas);
            (_images, _flavors, _groups, _keys, _quotas) = (images.Result, [.. flavors.Result.OrderBy(f => f.Vcpus).ThenBy(f => f.Ram)], groups.Result, keys.Result, quotas.Result);
            _networks = [.. networks.Result.Where(n => n.Subnets.Count > 0 && !n.External && (n.Shared || n.ProjectId == Session.Scope?.Id))];
            _image = _images.FirstOrDefault(i => i.Id == Image)?.Id ?? _images.FirstOrDefault()?.Id;
            _homeless = await Fitting.None(Api, _flavors);
            _flavor = _flavors.FirstOrDefault(f => WhyNot(f) is null)?.Id ?? _flavors.FirstOrDefault()?.Id;
            if (_networks.Count > 0) _chosen.Add(_networks[0].Id);
            _ready = true;
            await Explain();
        }
        catch (Exception e) when (e is Refusal or HttpRequestException)
        {
            _error = e;
        }
    }

    private Task Plan(Action change)
    {
        change();
        return Explain();
    }

    private async Task Explain()
    {
        if (Chosen is not { } flavor) return;
        var ask = ++_asked;
        try
        {
            var answer = await Fitting.Ask(Api, flavor);
            if (ask == _asked) _explained = answer;
        }
        catch (Refusal)
        {
            _explained = null; // the plan lacks this part; the form works without
        }
    }

    private async Task Submit()
    {
        (_tried, _refused) = (true, null);
        if (_name.Trim().Length == 0 || _sending || Short || Closed) return;
        _sending = true;
        try
        {
            // a dictionary keeps its names as they are: Nova writes two of them in camelCase
            var server = new Dictionary<string, object>
            {
                ["name"] = _name.Trim(), ["imageRef"] = _image!, ["flavorRef"] = _flavor!, ["min_count"] = _count, ["max_count"] = _count,
                ["networks"] = _networks.Where(n => _chosen.Contains(n.Id)).Select(n => new { uuid = n.Id }).ToList(),
            };
            if (_key.Length > 0) server["key_name"] = _key;
            if (_group.Length > 0) server["security_groups"] = new[] { new { name = _group } };
            if (_userData.Length > 0) server["user_data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(_userData.ReplaceLineEndings("\n")));
            if (!_needed && (_needed = (await Api.Post<Rehearsal>("compute", "/servers?dry_run=true", new { server })).Approvals is { Is: true }) || _needed && _why.Trim().Length == 0) return;
            await (_needed ? Approvals.RequestForms.Send(Api, "server", new { server }, _why.Trim(), "compute") : Api.Do(HttpMethod.Post, "compute", "/servers", new { server }));
            Navigation.NavigateTo(At(_needed ? "/approvals?show=mine" : "/servers"));
        }
        catch (Refusal e)
        {
            _refused = e;
        }
        finally
        {
            _sending = false;
        }
    }
}
