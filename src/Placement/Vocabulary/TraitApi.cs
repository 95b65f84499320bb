using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Placement.Providers;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Placement.Vocabulary;

internal sealed class TraitApi(Database database) : IApi
{
    public Service Service => PlacementService.Service;

    public void Map(Routes r)
    {
        r.Look("/traits", 6, List);
        r.Look("/traits/{name}", 6, call => database.Read(async q => (await Names.AllTraits(q)).Contains(call["name"]) ? Answer.NoContent : throw CloudError.NotFound($"No such trait: {call["name"]}.")));
        r.Put("/traits/{name}", "placement:write", "trait.create", Ensure);
        r.Delete("/traits/{name}", "placement:write", "trait.delete", Delete);
    }

    /// <summary><c>?name=startswith:CUSTOM</c>, <c>?name=in:A,B</c>, <c>?associated=true</c>.</summary>
    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var associated = call.QueryOr("associated")?.ToLowerInvariant() switch { null => (bool?)null, "true" => true, "false" => false, _ => throw CloudError.Invalid("'associated' must be true or false.") };
        var used = (await q.Db<PlacementDb>().Providers.Select(p => p.Traits).Distinct().ToListAsync()).SelectMany(ProviderStore.List).ToHashSet();
        var all = (await Names.AllTraits(q)).Where(t => associated is null || used.Contains(t) == associated);
        all = call.QueryOr("name")?.Split(':', 2) switch
        {
            null => all,
            ["startswith", var start] => all.Where(t => t.StartsWith(start, StringComparison.Ordinal)),
            ["in", var names] => all.Where(names.Split(',').Contains),
            _ => throw CloudError.Invalid("Badly formatted name parameter. Expected name=in:A,B or name=startswith:A."),
        };
        return Answer.Ok(new JsonObject { ["traits"] = new JsonArray([.. all.Order(StringComparer.Ordinal).Select(t => JsonValue.Create(t))]) });
    });

    private async Task<Answer> Ensure(Call call)
    {
        Fresh.Since(call, 6);
        var name = call["name"];
        Names.MustBeOwn(name);
        var made = await database.Write(call.Actor, async tx =>
        {
            await tx.Lock("placement names");
            tx.Audit(call.Verb, "trait", name);
            if (await tx.Db<PlacementDb>().Traits.AnyAsync(t => t.Name == name)) return false;
            tx.Db<PlacementDb>().Add(new TraitRow { Name = name });
            return true;
        });
        return new Answer(made ? 201 : 204).With("Location", call.Link("/placement/traits/" + name));
    }

    private async Task<Answer> Delete(Call call)
    {
        Fresh.Since(call, 6);
        var name = call["name"];
        if (Names.StandardTraits.Contains(name)) throw CloudError.Invalid($"Cannot delete standard trait {name}.");
        await database.Write(call.Actor, async tx =>
        {
            if ((await tx.Db<PlacementDb>().Providers.Select(p => p.Traits).Distinct().ToListAsync()).Any(t => ProviderStore.List(t).Contains(name)))
                throw CloudError.Conflict($"The trait {name} is in use by a resource provider.");
            if (await tx.Db<PlacementDb>().Traits.Where(t => t.Name == name).ExecuteDeleteAsync() == 0) throw CloudError.NotFound($"No such trait: {name}.");
            tx.Audit(call.Verb, "trait", name);
        });
        return Answer.NoContent;
    }
}
