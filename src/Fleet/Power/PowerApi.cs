using Xiangyun.Fleet.Hosts;
using Xiangyun.Fleet.Public;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Fleet.Power;

/// <summary>The power of one host: what is wanted, what is seen, why it must not go off, and the wish itself.</summary>
internal sealed class PowerApi(Database database, HostStore hosts, IHostPower power) : IApi
{
    public Service Service => HostApi.Own;

    public void Map(Routes r)
    {
        r.Get("/hosts/{id}/power", "fleet:list_hosts", Show);
        r.Put("/hosts/{id}/power", "fleet:power", "host.power", Want);
    }

    private Task<Answer> Show(Call call) => database.Read(async q => Answer.Ok(new { power = await Wire(q, call["id"]) }));

    private async Task<object> Wire(Query q, string id)
    {
        var host = await hosts.Find(q, id) ?? throw Kernel.CloudError.NotFound($"There is no host {id}.");
        return new
        {
            wanted = PowerWords.Of(host.PowerWanted), seen = PowerWords.Of(host.PowerSeen), state = host.PowerText, reason = host.PowerWhy, wanted_at = host.PowerWantedAt, seen_at = host.PowerSeenAt,
            fault = host.PowerFault, host.Simulated, refused_off = await power.WhyNotOff(q, id),
        };
    }

    private async Task<Answer> Want(Call call)
    {
        var body = await call.Body("power");
        var (state, reason) = (body.OneOf("state", "on", "off") ?? throw Kernel.CloudError.Invalid("Invalid input for field/attribute power.state: it is missing. It must be one of: on, off."), body.TextOr("reason", 0, 500) ?? "");
        body.Done();
        return await database.Write(call.Actor, async tx =>
        {
            await power.Want(tx, call["id"], state == "on", reason);
            return Answer.AcceptedWith(new { power = await Wire(tx, call["id"]) });
        });
    }
}
