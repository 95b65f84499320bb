using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Servers;
using Xiangyun.Image.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Actions;

/// <summary>Rescue: the server boots from a disk of its own made of an image, and finds all its disks beside it; unrescue takes that disk away.</summary>
internal sealed class RescueActions(IImages images)
{
    public async Task<string> Rescue(Tx tx, Call call, Fields? how)
    {
        var password = how?.TextOr("adminPass", 1) ?? Password.Make();
        var wanted = how?.IdOr("rescue_image_ref");
        how?.Done();
        var row = await ServerStore.ForChange(tx, call["id"]);
        PowerActions.MustBe(row, ServerStatus.Of(row), ["ACTIVE", "SHUTOFF", "ERROR"], "rescue");
        if (row.ImageId is null && !call.AtLeast(87)) throw CloudError.Invalid("Cannot rescue a volume-backed instance before microversion 2.87.");
        var id = wanted ?? row.ImageId ?? throw CloudError.Invalid($"Server {row.Id} boots from a volume: name the image to rescue it with (rescue_image_ref).");
        var image = await images.Find(tx, tx.Actor, id) ?? throw CloudError.Invalid($"Image {id} could not be found.");
        if (image.Status != "active") throw CloudError.Invalid($"Image {id} is not active.");
        var properties = JsonSerializer.Serialize(image.Properties.Where(p => p.Key.StartsWith("hw_rescue_", StringComparison.Ordinal)).OrderBy(p => p.Key).ToDictionary());
        await ServerStore.Want(tx, row, "rescue", "server.rescue", (rows, generation) => rows.ExecuteUpdateAsync(s => s
            .SetProperty(x => x.Generation, generation).SetProperty(x => x.Want, Power.Running).SetProperty(x => x.RebootCount, row.RebootCount + 1).SetProperty(x => x.RebootHard, false)
            .SetProperty(x => x.RescueImageId, image.Id).SetProperty(x => x.RescueImageSha512, image.Sha512).SetProperty(x => x.RescueImageFormat, image.DiskFormat).SetProperty(x => x.RescueImageProperties, properties)
            .SetProperty(x => x.Fault, (string?)null).SetProperty(x => x.SeenFault, (string?)null).SetProperty(x => x.WantedAt, tx.Now).SetProperty(x => x.UpdatedAt, tx.Now)), new { image = image.Id }, Changes.Rescue);
        return password;
    }

    public static async Task Unrescue(Tx tx, string id)
    {
        var row = await ServerStore.ForChange(tx, id);
        PowerActions.MustBe(row, ServerStatus.Of(row), ["RESCUE"], "unrescue");
        await ServerStore.Want(tx, row, "unrescue", "server.unrescue", (rows, generation) => rows.ExecuteUpdateAsync(s => s
            .SetProperty(x => x.Generation, generation).SetProperty(x => x.Want, Power.Running).SetProperty(x => x.RebootCount, row.RebootCount + 1).SetProperty(x => x.RebootHard, true)
            .SetProperty(x => x.RescueImageId, (string?)null).SetProperty(x => x.WantedAt, tx.Now).SetProperty(x => x.UpdatedAt, tx.Now)), null, Changes.Unrescue);
    }
}
