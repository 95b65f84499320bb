using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Servers;
using Xiangyun.Image.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Volume.Public;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Actions;

/// <summary>Rebuild: the root disk is made anew from an image; id, addresses and volumes stay.</summary>
internal sealed class RebuildAction(Database database, IImages images, IVolumes volumes, ServerView view)
{
    public async Task<Answer> Do(Call call, Fields body)
    {
        var reference = body.Text("imageRef", 1);
        var imageId = Id.Canonical(reference[(reference.LastIndexOf('/') + 1)..]) ?? throw CloudError.Invalid($"Invalid imageRef provided: '{reference}' is not a UUID.");
        var (name, metadata) = (body.TextOr("name", 1)?.Trim(), body.MapOr("metadata"));
        if (name is { Length: 0 }) throw CloudError.Invalid("Invalid input for field/attribute name. It must not be blank.");
        var (v4, v6) = (ServerRequest.Address(body, "accessIPv4", 4), ServerRequest.Address(body, "accessIPv6", 6));
        var password = body.TextOr("adminPass", 1) ?? Password.Make();
        var files = Personality.Read(body, call);
        var data = call.AtLeast(57) && body.Has("user_data") ? new { Text = ServerRequest.ReadUserData(body) } : null;
        var keyed = call.AtLeast(54) && body.Has("key_name") ? new { Name = body.TextOr("key_name", 1) } : null;
        if (call.AtLeast(63) && body.ItemsOr("trusted_image_certificates") is { Count: > 0 }) throw CloudError.Invalid("trusted_image_certificates is not offered: this cloud does not validate signatures of images.");
        body.FlagOr("preserve_ephemeral");
        var disk = body.OneOf("OS-DCF:diskConfig", "AUTO", "MANUAL");
        var described = call.AtLeast(19) && body.Has("description") ? new { Text = body.TextOr("description") } : null;
        var hostname = call.AtLeast(90) ? ServerExtras.Host(body) : null;
        body.Done();
        var json = await database.Write(call.Actor, async tx =>
        {
            var row = await ServerStore.ForChange(tx, call["id"]);
            PowerActions.MustBe(row, ServerStatus.Of(row), ["ACTIVE", "SHUTOFF", "ERROR"], "rebuild");
            var image = await images.Find(tx, tx.Actor, imageId) ?? throw CloudError.Invalid($"Image {imageId} could not be found.");
            if (image.Status != "active") throw CloudError.Invalid($"Image {imageId} is not active.");
            if (row.ImageId is null) await Refill(tx, call, row, image);
            var key = keyed?.Name is { } named ? await tx.Db<ComputeDb>().Keypairs.SingleOrDefaultAsync(k => k.UserId == tx.Actor.UserId && k.Name == named) ?? throw CloudError.Invalid($"Invalid key_name provided: there is no keypair named {named}.") : null;
            var properties = JsonSerializer.Serialize(image.Properties.Where(p => p.Key.StartsWith("hw_", StringComparison.Ordinal)).OrderBy(p => p.Key).ToDictionary());
            await ServerStore.Want(tx, row, "rebuild", "server.rebuild", (rows, generation) => rows.ExecuteUpdateAsync(s => s.SetProperty(x => x.Generation, generation).SetProperty(x => x.RebuildCount, row.RebuildCount + 1)
                .SetProperty(x => x.ImageProperties, properties).SetProperty(x => x.Personality, files == null ? row.Personality : Personality.Text(files))
                .SetProperty(x => x.UserData, data == null ? row.UserData : data.Text).SetProperty(x => x.KeyName, keyed == null ? row.KeyName : keyed.Name).SetProperty(x => x.PublicKey, keyed == null ? row.PublicKey : key == null ? null : key.PublicKey)
                .SetProperty(x => x.DiskImageId, (string?)null).SetProperty(x => x.DiskImageSha512, "").SetProperty(x => x.ImageId, row.ImageId == null ? null : image.Id)
                .SetProperty(x => x.ImageSha512, row.ImageId == null ? row.ImageSha512 : image.Sha512).SetProperty(x => x.ImageFormat, row.ImageId == null ? row.ImageFormat : image.DiskFormat)
                .SetProperty(x => x.DiskConfig, disk ?? row.DiskConfig).SetProperty(x => x.Description, described == null ? row.Description : described.Text).SetProperty(x => x.Hostname, hostname ?? row.Hostname)
                .SetProperty(x => x.Name, name ?? row.Name).SetProperty(x => x.Metadata, metadata == null ? row.Metadata : JsonSerializer.Serialize(metadata, JsonSerializerOptions.Default))
                .SetProperty(x => x.AccessIpv4, v4.Length > 0 ? v4 : row.AccessIpv4).SetProperty(x => x.AccessIpv6, v6.Length > 0 ? v6 : row.AccessIpv6)
                .SetProperty(x => x.SeenFault, (string?)null).SetProperty(x => x.Fault, (string?)null).SetProperty(x => x.WantedAt, tx.Now).SetProperty(x => x.UpdatedAt, tx.Now)), new { image = image.Id });
            var after = await ServerStore.Find(tx, tx.Actor, row.Id);
            return ServerWire.Of(after, await view.Around(tx, [after], call), call, Shape.Rebuild);
        });
        json["adminPass"] = password;
        return Answer.AcceptedWith(new JsonObject { ["server"] = json }).With("Location", call.Link("/compute/v2.1/servers/" + call["id"]));
    }

    /// <summary>A server that boots from a volume: from 2.93 on the volume is filled anew; before, only its own image is taken, and its content stays.</summary>
    private async Task Refill(Tx tx, Call call, ServerRow row, ImageView image)
    {
        var root = (await volumes.OfServers(tx, [row.Id]))[row.Id].FirstOrDefault(v => v.BootIndex == 0) ?? throw CloudError.Invalid($"Server {row.Id} has no volume to boot from.");
        if (call.AtLeast(93))
        {
            await volumes.Reimage(tx, tx.Actor, root.VolumeId, image.Id);
            return;
        }
        if ((await volumes.Find(tx, tx.Actor, root.VolumeId))?.ImageProperties.GetValueOrDefault("image_id") != image.Id)
            throw CloudError.Invalid($"Unable to rebuild with a different image for a volume-backed server before microversion 2.93: server {row.Id} boots from volume {root.VolumeId}.");
    }
}
