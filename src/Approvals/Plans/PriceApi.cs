using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;
using Xiangyun.Wire;

namespace Xiangyun.Approvals.Plans;

/// <summary>/xiangyun/v1/price-list: one for the cloud, read by everybody, set by its administrator.</summary>
internal sealed class PriceApi(Database database, QuotaTree tree) : IApi
{
    private const long Most = 1_000_000_000_000;

    public Service Service => ApprovalsModule.Service;

    public void Map(Routes r)
    {
        r.Get("/price-list", "approval:read", _ => database.Read(async q => Body(await Prices.Read(q))));
        r.Put("/price-list", "approval:set_prices", "price_list.set", Set);
    }

    private async Task<Answer> Set(Call call)
    {
        var list = await call.Body("price_list");
        var currency = list.Text("currency", 1, 10);
        var large = list.Number("large_cost", 0, Most);
        var units = list.Object("per_unit");
        var prices = units.Names.ToList().ToDictionary(n => n, n => units.Number(n, 0, Most));
        list.Done();
        if (prices.Keys.FirstOrDefault(n => !tree.Units.ContainsKey(n)) is { } unknown) throw CloudError.Invalid($"'{unknown}' has no price; there are {string.Join(", ", tree.Units.Keys)}.");
        return await database.Write(call.Actor, async tx =>
        {
            var (before, after) = (await Prices.Read(tx), new Prices(currency, prices, large));
            await Prices.Set(tx, after);
            tx.Audit(call.Verb, "price_list", "cloud", null, new { before, after });
            return Body(after);
        });
    }

    private Answer Body(Prices p) => Answer.Ok(new { price_list = new { p.Currency, p.PerUnit, p.LargeCost, units = tree.Units, unit_of_price = "hundredths of the currency for 30 days" } });
}
