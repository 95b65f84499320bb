using System.Text.Json.Nodes;
using Xiangyun.Compute.Servers;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Metadata;

/// <summary>os-server-password: the password that a guest set itself and posted. Guests of this cloud have nowhere to post one, so it is empty.</summary>
internal sealed class PasswordApi(Database database) : IApi
{
    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        r.Get("/servers/{id}/os-server-password", "compute:read", call => database.Read(async q =>
        {
            await ServerStore.Find(q, call.Actor, call["id"]);
            return Answer.Ok(new JsonObject { ["password"] = "" });
        }));
        r.Delete("/servers/{id}/os-server-password", "compute:write", "server.clear_password", call => database.Write(call.Actor, async tx =>
        {
            var row = await ServerStore.ForChange(tx, call["id"]);
            tx.Audit(call.Verb, "server", row.Id, row.ProjectId);
            return Answer.NoContent;
        }));
    }
}
