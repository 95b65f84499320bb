using Microsoft.EntityFrameworkCore;
using Xiangyun.Image.Data;
using Xiangyun.Store;
using Xiangyun.Store.Belongings;

namespace Xiangyun.Image.Images;

/// <summary>Images belong to projects, never to a person.</summary>
internal sealed class ImageBelongings : IBelongings
{
    public async Task<IReadOnlyList<Belongings>> Of(Query q, Owner owner) => owner.ProjectIds is not { } projects ? []
        : [
            await Heap.Of("image", Those(q, projects).Where(i => !i.Protected).Select(i => new Thing(i.Id, i.Name, i.OwnerId)), new Ending("glance", "DELETE", "/images/{id}")),
            await Heap.Of("protected_image", Those(q, projects).Where(i => i.Protected).Select(i => new Thing(i.Id, i.Name, i.OwnerId))) with { Kept = true },
        ];

    private static IQueryable<ImageRow> Those(Query q, IReadOnlyCollection<string> projects) => q.Db<ImageDb>().Images.Where(i => projects.Contains(i.OwnerId) && i.RecycledAt == null).OrderBy(i => i.Id);
}
