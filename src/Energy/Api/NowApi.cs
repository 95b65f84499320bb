using Xiangyun.Energy.Counting;
using Xiangyun.Energy.Settings;
using Xiangyun.Fleet.Public;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Energy.Api;

/// <summary>/energy/now: what every host draws at this moment, and why those that draw cannot be switched off.</summary>
internal sealed class NowApi(Database database, IHosts hosts, IHostPower power) : IApi
{
    public Service Service => SettingsApi.Own;

    public void Map(Routes r) => r.Get("/energy/now", "energy:read", _ => database.Read(Now));

    private async Task<Answer> Now(Query q)
    {
        var (settings, measures, today) = (await EnergySettings.Read(q), await power.Measures(q), q.Now / Moments.Hour / 24 * 24);
        var kwh = (await Ledger.Read(q, MonthRow.Host, today, today + 24)).ToDictionary(s => s.Id, s => s.WattHours / 1000);
        var all = (await hosts.All(q)).Select(h => (Host: h, Draw: Draw.Of(h, measures.GetValueOrDefault(h.Id), settings, q.Now))).ToList();
        return Answer.Ok(new
        {
            now = new
            {
                as_of = q.Now, watts = Math.Round(all.Sum(d => d.Draw.Watts ?? 0)), measured_watts = Math.Round(all.Where(d => d.Draw.Measured).Sum(d => d.Draw.Watts ?? 0)), unknown_hosts = all.Count(d => d.Draw.Watts is null),
                hosts = all.Select(d => new
                {
                    d.Host.Id, d.Host.Name, d.Host.Zone, d.Host.Simulated, d.Host.Alive, power = d.Host.PowerText, power_wanted = d.Host.PowerWanted == PowerState.Off ? "off" : "on", d.Host.PowerWhy, d.Host.RunningServers,
                    cpu_percent = d.Host.Alive ? d.Host.CpuPercent : (double?)null, watts = d.Draw.Watts is { } w ? Math.Round(w, 1) : (double?)null, d.Draw.Measured, model = measures.GetValueOrDefault(d.Host.Id)?.Model ?? "", kwh_today = Math.Round(kwh.GetValueOrDefault(d.Host.Id), 3),
                }),
            },
        });
    }
}
