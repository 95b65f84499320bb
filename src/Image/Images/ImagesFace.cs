using Microsoft.EntityFrameworkCore;
using Xiangyun.Image.Data;
using Xiangyun.Image.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Image.Images;

/// <summary>The face that Volume and Compute see.</summary>
internal sealed class ImagesFace(Filling filling, TimeProvider clock) : IImages
{
    public async Task<ImageView?> Find(Query q, Actor actor, string imageId) =>
        await View(q, await q.Db<ImageDb>().Visible(actor).SingleOrDefaultAsync(i => i.Id == imageId));

    public async Task<ImageView?> Find(Query q, string imageId) =>
        await View(q, await q.Db<ImageDb>().Images.SingleOrDefaultAsync(i => i.Id == imageId));

    public async Task<string> CreateQueued(Tx tx, string name, string diskFormat, IReadOnlyDictionary<string, string> properties, string ownerId)
    {
        await ImageQuotas.CheckCount(tx, ownerId);
        var draft = new ImageDraft { Name = name, OwnerId = ownerId, DiskFormat = diskFormat, ContainerFormat = "bare", Visibility = "private" };
        foreach (var (key, value) in properties)
        {
            if (key == "min_disk") draft.MinDisk = int.Parse(value);
            else if (key == "min_ram") draft.MinRam = int.Parse(value);
            else draft.Properties[key] = value;
        }
        return ImageApi.Add(tx, Id.New(), draft).Id;
    }

    public Task Fill(string imageId, Func<Stream, Task> write, CancellationToken ct) => filling.Fill(Actor.System, imageId, write, ct);

    public async Task<IReadOnlyList<ImageView>> OfServer(Query q, string serverId, string imageType)
    {
        var db = q.Db<ImageDb>();
        var rows = await db.Images.Where(i => db.Properties.Any(p => p.ImageId == i.Id && p.Name == "instance_uuid" && p.Value == serverId)
            && db.Properties.Any(p => p.ImageId == i.Id && p.Name == "image_type" && p.Value == imageType)).OrderBy(i => i.CreatedAt).ThenBy(i => i.Id).ToListAsync();
        var views = new List<ImageView>();
        foreach (var row in rows) views.Add((await View(q, row))!);
        return views;
    }

    public async Task Delete(Tx tx, string imageId)
    {
        if (await tx.Db<ImageDb>().Images.SingleOrDefaultAsync(i => i.Id == imageId && !i.Protected) is not { } row) return;
        await ImageStore.Purge(tx, row);
    }

    private async Task<ImageView?> View(Query q, ImageRow? row)
    {
        if (row is null) return null;
        var image = await ImageStore.Full(q, row);
        return new ImageView
        {
            Id = row.Id, Name = row.Name, Status = row.Status(clock.Ms()), OwnerId = row.OwnerId, Size = row.Size ?? 0, VirtualSize = row.VirtualSize ?? 0,
            MinDiskGib = row.MinDisk, MinRamMib = row.MinRam, DiskFormat = row.DiskFormat ?? "", Sha512 = row.Sha512 ?? "", Properties = image.Properties, UpdatedAt = row.UpdatedAt,
        };
    }
}
