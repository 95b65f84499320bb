using Xiangyun.Energy.Settings;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Energy.Api;

/// <summary>/energy/settings: curves, PUE, price, carbon.</summary>
internal sealed class SettingsApi(Database database) : IApi
{
    public Service Service => Own;

    public static readonly Service Own = new() { Types = ["xiangyun"], Name = "xiangyun", Root = "/xiangyun", CatalogPath = "/v1", Prefixes = ["/v1"], Errors = ErrorStyle.Own };

    public void Map(Routes r)
    {
        r.Get("/energy/settings", "energy:read", _ => database.Read(async q => Answer.Ok(new { settings = await EnergySettings.Read(q) })));
        r.Put("/energy/settings", "energy:settings", "energy.settings", Set);
    }

    private async Task<Answer> Set(Call call)
    {
        var body = await call.Body("settings");
        return await database.Write(call.Actor, async tx =>
        {
            var before = await EnergySettings.Read(tx);
            var after = SettingsBody.Read(body, before);
            await after.Write(tx);
            tx.Audit(call.Verb, "energy_settings", "all", null, new { before, after });
            return Answer.Ok(new { settings = after });
        });
    }
}
