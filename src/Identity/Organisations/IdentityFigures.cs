using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;
using Xiangyun.Store.Figures;

namespace Xiangyun.Identity.Organisations;

/// <summary>Bureaus (the default domain is the cloud's own and is none), business systems, people.</summary>
internal sealed class IdentityFigures : IFigures
{
    private const string Own = "default";

    public async Task<IReadOnlyList<Figure>> Of(Query q)
    {
        var db = q.Db<IdentityDb>();
        return
        [
            new("bureaus", await db.Projects.CountAsync(p => p.IsDomain && p.Enabled && p.Id != Own), "bureaus", "/organisations"),
            new("systems", await db.Projects.CountAsync(p => !p.IsDomain && p.Enabled && p.DomainId != Own), "business systems", "/organisations"),
            new("people", await db.Users.CountAsync(u => u.Enabled && u.DomainId != Own), "people", "/people"),
        ];
    }
}
