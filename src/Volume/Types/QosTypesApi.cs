using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Volume.Types;

/// <summary>Which types a set of QoS specs is for. Cinder's API changes this by GET, so these routes audit although they are GETs.</summary>
internal sealed class QosTypesApi(Database database) : IApi
{
    public Service Service => VolumeService.Service;

    public void Map(Routes routes)
    {
        routes.Get("/qos-specs/{id}/associations", "volume:admin", Show);
        routes.GetThatWrites("/qos-specs/{id}/associate", "volume:admin", "volume_qos.associate", call => Change(call, Associate));
        routes.GetThatWrites("/qos-specs/{id}/disassociate", "volume:admin", "volume_qos.disassociate", call => Change(call, Disassociate));
        routes.GetThatWrites("/qos-specs/{id}/disassociate_all", "volume:admin", "volume_qos.disassociate_all", call => Change(call, (tx, qos) => tx.Db<VolumeDb>().TypeQos.Where(t => t.QosId == qos.Id).ExecuteDeleteAsync()));

        async Task Associate(Tx tx, QosRow qos, TypeRow type)
        {
            var other = await tx.Db<VolumeDb>().TypeQos.Where(t => t.TypeId == type.Id).Select(t => t.QosId).SingleOrDefaultAsync();
            if (other == qos.Id) return;
            if (other is not null) throw CloudError.Invalid($"Type {type.Id} is already associated with another qos specs: {other}.");
            tx.Db<VolumeDb>().Add(new TypeQosRow { TypeId = type.Id, QosId = qos.Id });
        }

        Task Disassociate(Tx tx, QosRow qos, TypeRow type) => tx.Db<VolumeDb>().TypeQos.Where(t => t.TypeId == type.Id && t.QosId == qos.Id).ExecuteDeleteAsync();
    }

    private async Task<Answer> Show(Call call) => Answer.Ok(await database.Read(async q =>
    {
        var qos = await QosApi.Get(q, call["id"]);
        var db = q.Db<VolumeDb>();
        var types = await db.Types.Where(t => db.TypeQos.Any(b => b.TypeId == t.Id && b.QosId == qos.Id)).OrderBy(t => t.Name).ToListAsync();
        return new JsonObject { ["qos_associations"] = new JsonArray([.. types.Select(t => new JsonObject { ["association_type"] = "volume_type", ["id"] = t.Id, ["name"] = t.Name })]) };
    }, call.Stop));

    private Task<Answer> Change(Call call, Func<Tx, QosRow, TypeRow, Task> change)
    {
        var typeId = call.QueryOr("vol_type_id") ?? throw CloudError.Invalid("Volume Type id must not be None.");
        return Change(call, async (tx, qos) => await change(tx, qos, await TypeStore.Get(tx, call.Actor, typeId)));
    }

    private async Task<Answer> Change(Call call, Func<Tx, QosRow, Task> change)
    {
        await database.Write(call.Actor, async tx =>
        {
            var qos = await QosApi.Get(tx, call["id"]);
            await change(tx, qos);
            tx.Audit(call.Verb, "volume_qos", qos.Id, null, new { type = call.QueryOr("vol_type_id") });
        }, call.Stop);
        return Answer.Accepted;
    }
}
