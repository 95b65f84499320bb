using Microsoft.EntityFrameworkCore;
using Xiangyun.Image.Data;
using Xiangyun.Store;
using Xiangyun.Store.Belongings;

namespace Xiangyun.Image.Images;

/// <summary>Images belong to projects, never to a person.</summary>
internal sealed class ImageBelongings : IBelongings
{
    public async Task<IReadOnlyList<Belongings>> Of(Query q, Owner owner) => owner.ProjectIds is not { } projects ? []
        : [await Heap.Of("image", q.Db<ImageDb>().Images.Where(i => projects.Contains(i.OwnerId)).OrderBy(i => i.Id).Select(i => new Thing(i.Id, i.Name, i.OwnerId)))];
}
