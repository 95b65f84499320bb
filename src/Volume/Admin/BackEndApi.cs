using System.Text.Json.Nodes;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Volume.Volumes;
using Xiangyun.Wire;

namespace Xiangyun.Volume.Admin;

/// <summary>
/// What one host's storage can do, and the switches of Cinder's services. A host takes servers and volumes or neither, so
/// its one switch is Compute's, and these say so instead of stopping Compute by surprise.
/// </summary>
internal sealed class BackEndApi(Database database, IHosts hosts) : IApi
{
    public Service Service => VolumeService.Service;

    public void Map(Routes routes)
    {
        routes.Get("/capabilities/{name}", "volume:admin", Capabilities);
        routes.Put("/os-services/enable", "volume:admin", "volume_service.enable", call => Switch(call, reason: false));
        routes.Put("/os-services/disable", "volume:admin", "volume_service.disable", call => Switch(call, reason: false));
        routes.Put("/os-services/disable-log-reason", "volume:admin", "volume_service.disable", call => Switch(call, reason: true));
        routes.Put("/os-services/failover_host", "volume:admin", "volume_service.failover", Freeze);
        routes.Put("/os-services/failover", "volume:admin", "volume_service.failover", VolumeService.Since(26, Freeze));
        routes.Put("/os-services/get-log", "volume:admin", "volume_service.get_log", VolumeService.Since(32, call => Task.FromResult(Answer.Ok(new JsonObject { ["log_levels"] = new JsonArray() }))));
        routes.Put("/os-services/set-log", "volume:admin", "volume_service.set_log", VolumeService.Since(32, call => throw CloudError.Invalid("Log levels are set in the server's configuration (Logging:LogLevel), not per service.")));
        routes.Put("/os-services/freeze", "volume:admin", "volume_service.freeze", Freeze);
        routes.Put("/os-services/thaw", "volume:admin", "volume_service.thaw", Freeze);
    }

    private async Task<HostView?> Find(Call call, string name)
    {
        VolumeService.Check(call);
        return (await database.Read(hosts.All, call.Stop)).FirstOrDefault(h => name == h.Name || name == HostApi.Name(h) || name == VolumeWire.HostName(h));
    }

    private async Task<Answer> Capabilities(Call call)
    {
        var host = await Find(call, call["name"]) ?? throw CloudError.NotFound($"There is no back end {call["name"]}.");
        var known = HostApi.Capabilities(host);
        return Answer.Ok(new JsonObject
        {
            ["namespace"] = $"OS::Storage::Capabilities::{HostApi.Name(host)}", ["vendor_name"] = (string?)known["vendor_name"], ["volume_backend_name"] = (string?)known["volume_backend_name"],
            ["driver_version"] = (string?)known["driver_version"], ["storage_protocol"] = (string?)known["storage_protocol"], ["pool_name"] = null, ["display_name"] = null,
            ["description"] = null, ["visibility"] = null, ["replication_targets"] = new JsonArray(), ["properties"] = new JsonObject(),
        });
    }

    private async Task<Answer> Switch(Call call, bool reason)
    {
        var body = await call.Body();
        var (host, binary) = (body.Text("host", 1), body.TextOr("binary") ?? body.TextOr("service") ?? throw CloudError.Invalid("'binary' is a required property."));
        if (reason) body.Text("disabled_reason", 1);
        body.Done();
        if (binary != "cinder-volume" || await Find(call, host) is null) throw CloudError.NotFound($"Service {binary} could not be found on host {host}.");
        throw CloudError.Invalid($"Host {host} takes servers and volumes, or neither: enable or disable it in Compute (os-services).");
    }

    private async Task<Answer> Freeze(Call call)
    {
        var body = await call.Body();
        var host = body.TextOr("host", 1) ?? (call.AtLeast(26) ? body.TextOr("cluster", 1) : null) ?? throw CloudError.Invalid("'host' is a required property.");
        body.TextOr("backend_id");
        body.Done();
        if (await Find(call, host) is null) throw CloudError.Invalid($"Invalid input received: Host '{host}' not found.");
        throw CloudError.Invalid($"Host {host} cannot be frozen, thawed or failed over: that is for replicated back ends, which this cloud does not have.");
    }
}
