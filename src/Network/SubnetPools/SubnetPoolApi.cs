using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Rest;
using Xiangyun.Network.Subnets;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Network.SubnetPools;

internal sealed class SubnetPoolApi(Database database) : Resource<SubnetPoolRow>(database, "subnetpool", "subnetpools")
{
    protected override Attributes<SubnetPoolRow> Attributes { get; } = new Attributes<SubnetPoolRow>()
        .Column("ip_version", "IpVersion").Column("shared", "Shared").Column("is_default", "IsDefault").Column("default_quota", "DefaultQuota").Column("address_scope_id", "AddressScopeId")
        .Column("min_prefixlen", "MinPrefix").Column("max_prefixlen", "MaxPrefix").Column("default_prefixlen", "DefaultPrefix");

    public override void Map(Routes routes)
    {
        base.Map(routes);
        routes.Put("/subnetpools/{id}/add_prefixes", "network:subnetpool:write", "subnetpool.add_prefixes", call => Prefixes(call, (had, given) => [.. had, .. given]));
        routes.Put("/subnetpools/{id}/remove_prefixes", "network:subnetpool:write", "subnetpool.remove_prefixes", call => Prefixes(call, (had, given) => [.. had.Except(given)]));
    }

    protected override IQueryable<SubnetPoolRow> Visible(Query q, Actor actor) => SubnetPoolStore.Visible(q, actor);
    protected override CloudError Missing(string id) => NotFound.Of("SubnetPoolNotFound", "Subnet pool", id);

    protected override Task<IReadOnlyList<JsonObject>> Show(Query q, Actor actor, IReadOnlyList<SubnetPoolRow> rows) => Task.FromResult<IReadOnlyList<JsonObject>>([.. rows.Select(row =>
    {
        var shown = Shown.Common(row);
        shown["ip_version"] = row.IpVersion;
        shown["prefixes"] = JsonText.Node(row.Prefixes);
        shown["min_prefixlen"] = row.MinPrefix;
        shown["default_prefixlen"] = row.DefaultPrefix;
        shown["max_prefixlen"] = row.MaxPrefix;
        shown["shared"] = row.Shared;
        shown["is_default"] = row.IsDefault;
        shown["default_quota"] = row.DefaultQuota;
        shown["address_scope_id"] = row.AddressScopeId;
        return shown;
    })]);

    protected override async Task<SubnetPoolRow> Create(Tx tx, Actor actor, string projectId, Fields fields)
    {
        var prefixes = PrefixRules.Read(fields);
        var six = prefixes[0].Version == 6;
        var row = new SubnetPoolRow
        {
            Id = Id.New(), ProjectId = projectId, IpVersion = prefixes[0].Version, Prefixes = PrefixRules.Text(prefixes), MinPrefix = six ? 64 : 8, MaxPrefix = six ? 128 : 32,
        };
        fields.Text("name");
        PrefixRules.Apply(actor, row, fields);
        await Scope(tx, actor, row, fields);
        fields.Done();
        await tx.Insert(row);
        return row;
    }

    protected override async Task Change(Tx tx, Actor actor, SubnetPoolRow row, Fields fields)
    {
        if (fields.Has("prefixes"))
        {
            var wanted = PrefixRules.Read(fields);
            if (wanted[0].Version != row.IpVersion) throw CloudError.Invalid("Cannot mix IPv4 and IPv6 prefixes in a subnet pool.", "PrefixVersionMismatch");
            if (PrefixRules.Of(row).FirstOrDefault(had => !wanted.Any(w => w.Prefix <= had.Prefix && w.Holds(had.Network))) is { Prefix: > 0 } lost)
                throw CloudError.Invalid($"Illegal update to prefixes: {lost} would be taken away; use remove_prefixes.", "IllegalSubnetPoolPrefixUpdate");
            row.Prefixes = PrefixRules.Text(wanted);
        }
        PrefixRules.Apply(actor, row, fields);
        await Scope(tx, actor, row, fields);
        fields.Done();
        await tx.Put(row);
    }

    private static async Task Scope(Tx tx, Actor actor, SubnetPoolRow row, Fields fields)
    {
        if (fields.Has("address_scope_id")) row.AddressScopeId = fields.TextOr("address_scope_id");
        if (row.AddressScopeId is not { } id) return;
        await tx.Lock("address_scope:" + id);
        var scope = await AddressScopeApi.Seen(tx, actor).SingleOrDefaultAsync(s => s.Id == id) ?? throw NotFound.Of("AddressScopeNotFound", "Address scope", id);
        if (scope.IpVersion != row.IpVersion)
            throw CloudError.Invalid($"Illegal subnetpool association: subnetpool {row.Id} cannot associate with address scope {id} because subnetpool ip_version is not {scope.IpVersion}.", "IllegalSubnetPoolIpVersionAssociationToAddressScope");
        var mine = PrefixRules.Of(row);
        foreach (var other in await tx.Db<NetworkDb>().SubnetPools.Where(p => p.AddressScopeId == id && p.Id != row.Id).ToListAsync())
            if (PrefixRules.Of(other).Any(p => mine.Any(p.Overlaps))) throw CloudError.Conflict($"Failed to associate address scope: subnetpools within an address scope must have unique prefixes; {other.Id} has some of these.", "AddressScopePrefixConflict");
    }

    protected override async Task Remove(Tx tx, Actor actor, SubnetPoolRow row)
    {
        if (await tx.Db<NetworkDb>().Subnets.AnyAsync(s => s.SubnetPoolId == row.Id)) throw CloudError.Conflict("Unable to delete subnet pool: Subnet pool has existing allocations.", "SubnetPoolDeleteError");
        await tx.Delete<SubnetPoolRow>(row.Id);
    }

    private async Task<Answer> Prefixes(Call call, Func<List<Cidr>, List<Cidr>, List<Cidr>> combine)
    {
        var fields = await call.Body();
        return Answer.Ok(await Database.Write(call.Actor, async tx =>
        {
            var row = await Own(tx, call);
            var wanted = PrefixRules.Merge(combine(PrefixRules.Of(row), PrefixRules.Read(fields)));
            fields.Done();
            if (wanted.FirstOrDefault(p => p.Version != row.IpVersion) is { Prefix: > 0 }) throw CloudError.Invalid("Cannot mix IPv4 and IPv6 prefixes in a subnet pool.", "PrefixVersionMismatch");
            if ((await SubnetPoolStore.Taken(tx, row.Id)).FirstOrDefault(t => !wanted.Any(w => w.Prefix <= t.Prefix && w.Holds(t.Network))) is { Prefix: > 0 } used)
                throw CloudError.Conflict($"Illegal prefixes removal: subnet {used} was allocated from them.", "IllegalSubnetPoolPrefixUpdate");
            row.Prefixes = PrefixRules.Text(wanted);
            await tx.Put(row);
            tx.Audit(call.Verb, "subnetpool", row.Id, row.ProjectId, new { prefixes = row.Prefixes });
            return new JsonObject { ["prefixes"] = JsonText.Node(row.Prefixes) };
        }, call.Stop));
    }
}
