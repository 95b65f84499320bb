using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Tokens;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Identity;

/// <summary>Reads and writes of this module; every write raises the epoch, so that no token outlives a lost right.</summary>
internal sealed class IdentityStore(Database database, Epoch epoch)
{
    public Task<T> Read<T>(Func<IdentityDb, Task<T>> read) => database.Read(q => read(q.Db<IdentityDb>()));

    public async Task<T> Write<T>(Actor actor, Func<Tx, IdentityDb, Task<T>> write)
    {
        var result = await database.Write(actor, async tx =>
        {
            var made = await write(tx, tx.Db<IdentityDb>());
            await epoch.Rise(tx);
            return made;
        });
        database.Afterwards(epoch.Risen);
        return result;
    }

    public Task Write(Actor actor, Func<Tx, IdentityDb, Task> write) => Write(actor, async (tx, db) => { await write(tx, db); return true; });

    public static async Task<ProjectRow> Project(IdentityDb db, string id) =>
        await db.Projects.SingleOrDefaultAsync(p => p.Id == id && !p.IsDomain) ?? throw Keystone.Missing("project", id);

    public static async Task<ProjectRow> Domain(IdentityDb db, string id) =>
        await db.Projects.SingleOrDefaultAsync(p => p.Id == id && p.IsDomain) ?? throw Keystone.Missing("domain", id);

    public static async Task<UserRow> User(IdentityDb db, string id) =>
        await db.Users.SingleOrDefaultAsync(u => u.Id == id) ?? throw Keystone.Missing("user", id);

    public static async Task<GroupRow> Group(IdentityDb db, string id) =>
        await db.Groups.SingleOrDefaultAsync(g => g.Id == id) ?? throw Keystone.Missing("group", id);

    public static async Task<RoleRow> Role(IdentityDb db, string id) =>
        await db.Roles.SingleOrDefaultAsync(r => r.Id == id) ?? throw Keystone.Missing("role", id);
}
