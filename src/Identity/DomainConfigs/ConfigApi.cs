using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.DomainConfigs;

/// <summary>Options of one domain, kept for the tools that manage them: whole, by group, or one by one.</summary>
internal sealed class ConfigApi(IdentityStore store, Directories.Directories directories) : IApi
{
    public Service Service => Keystone.Service;

    public void Map(Routes r)
    {
        const string Rule = "identity:domain_config", Whole = "/domains/{domain_id}/config", Group = Whole + "/{section}", One = Group + "/{option}";
        r.Put(Whole, Rule, "domain.config", call => Set(call, null, null, true));
        r.Get(Whole, Rule, call => Show(call, null, null));
        r.Patch(Whole, Rule, "domain.config", call => Set(call, null, null, false));
        r.Delete(Whole, Rule, "domain.config", call => Clear(call, null, null));
        r.Get(Group, Rule, call => Show(call, call["section"], null));
        r.Patch(Group, Rule, "domain.config", call => Set(call, call["section"], null, false));
        r.Delete(Group, Rule, "domain.config", call => Clear(call, call["section"], null));
        r.Get(One, Rule, call => Show(call, call["section"], call["option"]));
        r.Patch(One, Rule, "domain.config", call => Set(call, call["section"], call["option"], false));
        r.Delete(One, Rule, "domain.config", call => Clear(call, call["section"], call["option"]));
    }

    private static IQueryable<OptionRow> Rows(IdentityDb db, string domainId, string? group, string? option) =>
        db.Options.Where(o => o.DomainId == domainId && (group == null || o.Section == group) && (option == null || o.Name == option));

    private static async Task<List<OptionRow>> Kept(IdentityDb db, string domainId, string? group, string? option)
    {
        if (group is not null) OptionRules.Group(group);
        var rows = await Rows(db, domainId, group, option).AsNoTracking().OrderBy(o => o.Section).ThenBy(o => o.Name).ToListAsync();
        return rows.Count > 0 ? rows : throw Keystone.Missing("domain configuration", string.Join('/', new[] { domainId, group, option }.OfType<string>()));
    }

    private Task<Answer> Show(Call call, string? group, string? option) => store.Read(async db =>
    {
        var domain = await IdentityStore.Domain(db, call["domain_id"]);
        var config = OptionRules.Wire(await Kept(db, domain.Id, group, option));
        return Answer.Ok(new JsonObject { ["config"] = option is null ? config : config[group!]?.DeepClone() });
    });

    private async Task<Answer> Set(Call call, string? group, string? option, bool anew)
    {
        var body = await call.Body("config");
        var wished = (option is not null ? OptionRules.Read(group!, body) : body.Names.ToList().SelectMany(g => OptionRules.Read(g, body.Object(g)))).ToList();
        if (wished.Count == 0) throw CloudError.Invalid("The configuration names no options.");
        if (wished.Exists(w => group is not null && w.Group != group || option is not null && w.Name != option))
            throw CloudError.Invalid("The request names other options than its path.");
        var (config, fresh) = await store.Write(call.Actor, async (tx, db) =>
        {
            var domain = await IdentityStore.Domain(db, call["domain_id"]);
            var before = await Rows(db, domain.Id, null, null).AnyAsync();
            if (anew) await Rows(db, domain.Id, null, null).ExecuteDeleteAsync();
            else await Kept(db, domain.Id, group, option);
            foreach (var (section, name, value) in wished)
            {
                await Rows(db, domain.Id, section, name).ExecuteDeleteAsync();
                db.Add(new OptionRow { DomainId = domain.Id, Section = section, Name = name, Value = OptionRules.IsSecret(name) ? JsonSerializer.Serialize(directories.Seal(JsonNode.Parse(value)!.ToString())) : value });
            }
            await tx.Save();
            tx.Audit(call.Verb, "domain", domain.Id, null, new { options = wished.Select(w => $"{w.Group}.{w.Name}") });
            return (OptionRules.Wire(await Kept(db, domain.Id, null, null)), anew && !before);
        });
        return new Answer(fresh ? 201 : 200, new JsonObject { ["config"] = config });
    }

    private async Task<Answer> Clear(Call call, string? group, string? option)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            var domain = await IdentityStore.Domain(db, call["domain_id"]);
            await Kept(db, domain.Id, group, option);
            await Rows(db, domain.Id, group, option).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "domain", domain.Id);
        });
        return Answer.NoContent;
    }
}
