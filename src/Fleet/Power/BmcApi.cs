using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Hosts;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Fleet.Power;

/// <summary>What switches a host: set, shown without its password, tried out, forgotten.</summary>
internal sealed class BmcApi(Database database, Controllers controllers) : IApi
{
    private const string Path = "/hosts/{id}/bmc";

    public Service Service => HostApi.Own;

    public void Map(Routes r)
    {
        r.Get(Path, "fleet:list_hosts", call => database.Read(async q => Wire(await Kept(q, call["id"]))));
        r.Put(Path, "fleet:power", "host.bmc_set", Set);
        r.Delete(Path, "fleet:power", "host.bmc_delete", Delete);
        r.Post(Path + "/test", "fleet:power", "host.bmc_test", Test);
    }

    private static async Task<BmcRow> Kept(Query q, string id)
    {
        if (!await q.Db<FleetDb>().Hosts.AnyAsync(h => h.Id == id)) throw CloudError.NotFound($"There is no host {id}.");
        return await q.Db<FleetDb>().Bmcs.SingleOrDefaultAsync(b => b.HostId == id) ?? throw CloudError.NotFound($"Of the host {id}, no controller is known.");
    }

    private static Answer Wire(BmcRow b) => Answer.Ok(new
    {
        bmc = new { b.HostId, b.Kind, b.Address, b.Port, user = b.UserName, password_set = b.SealedPassword is not null, b.Fingerprint, b.Authority, system = b.SystemId, b.Mac, b.ChangedAt, b.Model, b.Watts, b.WattsAt },
    });

    private async Task<Answer> Set(Call call)
    {
        var wish = BmcWish.Read(await call.Body("bmc"));
        return await database.Write(call.Actor, async tx =>
        {
            var id = call["id"];
            var host = await tx.Db<FleetDb>().Hosts.SingleOrDefaultAsync(h => h.Id == id) ?? throw CloudError.NotFound($"There is no host {id}.");
            if (host.Simulated) throw CloudError.Conflict($"The host {host.Name} is simulated: its simulation switches it.");
            var before = await tx.Db<FleetDb>().Bmcs.SingleOrDefaultAsync(b => b.HostId == id);
            // A password is kept only for whom it was given: never sent to another address.
            var same = before is not null && (before.Kind, before.Address, before.Port, before.UserName, before.Fingerprint, before.Authority) == (wish.Kind, wish.Address, wish.Port, wish.User, wish.Fingerprint, wish.Authority);
            var password = wish.Password is { } given ? controllers.Seal(given) : same ? before!.SealedPassword : null;
            if (wish.Kind != BmcRow.Wake && password is null) throw CloudError.Invalid("Invalid input for field/attribute bmc.password: it is missing. It is kept from before only when kind, address, user and certificate stay the same.");
            await tx.Db<FleetDb>().Bmcs.Where(b => b.HostId == id).ExecuteDeleteAsync();
            tx.Db<FleetDb>().Add(new BmcRow { HostId = id, Kind = wish.Kind, Address = wish.Address, Port = wish.Port, UserName = wish.User, SealedPassword = password, Fingerprint = wish.Fingerprint, Authority = wish.Authority, SystemId = wish.System, Mac = wish.Mac, ChangedAt = tx.Now });
            await tx.Save();
            tx.Audit(call.Verb, "host", id, null, new { host.Name, wish.Kind, wish.Address, wish.Port, wish.User, wish.Fingerprint, wish.Mac, password = wish.Password });
            tx.Wake(PowerReconciler.WorkKind, id);
            return Wire(await Kept(tx, id));
        });
    }

    private async Task<Answer> Delete(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            var row = await Kept(tx, call["id"]);
            var off = await tx.Db<FleetDb>().Hosts.AnyAsync(h => h.Id == row.HostId && h.PowerWanted == Public.PowerState.Off);
            if (off) throw CloudError.Conflict("The host is switched off: without its controller nothing could wake it. Switch it on first.");
            await tx.Db<FleetDb>().Bmcs.Where(b => b.HostId == row.HostId).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "host", row.HostId, null, new { row.Kind, row.Address });
            tx.Wake(PowerReconciler.WorkKind, row.HostId);
        });
        return Answer.NoContent;
    }

    /// <summary>Asks the controller now and switches nothing. What it answered is the answer, a fault too.</summary>
    private async Task<Answer> Test(Call call)
    {
        var (host, row) = await database.Read(async q => (await q.Db<FleetDb>().Hosts.SingleOrDefaultAsync(h => h.Id == call["id"]), await Kept(q, call["id"])));
        object told;
        try
        {
            using var bmc = controllers.Of(host!, row)!;
            var seen = await bmc.Look(CancellationToken.None);
            told = new { ok = true, power = seen.On switch { true => "on", false => "off", _ => "unknown" }, seen.Watts, seen.Model, error = (string?)null };
        }
        catch (EngineFault e)
        {
            told = new { ok = false, power = "unknown", watts = (double?)null, model = "", error = (string?)e.Message };
        }
        await database.Write(call.Actor, tx => { tx.Audit(call.Verb, "host", row.HostId, null, told); return Task.CompletedTask; });
        return Answer.Ok(new { test = told });
    }
}
