using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Rest;
using Xiangyun.Network.Sharing;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Network.SubnetPools;

internal sealed class AddressScopeApi(Database database) : Resource<AddressScopeRow>(database, "address_scope", "address_scopes")
{
    protected override Attributes<AddressScopeRow> Attributes { get; } = new Attributes<AddressScopeRow>().Column("ip_version", "IpVersion").Column("shared", "Shared");

    public static IQueryable<AddressScopeRow> Seen(Query q, Actor actor)
    {
        var rows = q.Db<NetworkDb>().AddressScopes.AsQueryable();
        var shared = Shares.With(q, actor.ProjectId);
        return actor.IsAdmin ? rows : rows.Where(r => r.ProjectId == actor.ProjectId || r.Shared || shared.Contains(r.Id));
    }

    protected override IQueryable<AddressScopeRow> Visible(Query q, Actor actor) => Seen(q, actor);
    protected override CloudError Missing(string id) => NotFound.Of("AddressScopeNotFound", "Address scope", id);

    protected override Task<IReadOnlyList<JsonObject>> Show(Query q, Actor actor, IReadOnlyList<AddressScopeRow> rows) => Task.FromResult<IReadOnlyList<JsonObject>>([.. rows.Select(row =>
    {
        var shown = Shown.Common(row);
        shown["ip_version"] = row.IpVersion;
        shown["shared"] = row.Shared;
        return shown;
    })]);

    protected override async Task<AddressScopeRow> Create(Tx tx, Actor actor, string projectId, Fields fields)
    {
        fields.Text("name");
        var version = (int)fields.Number("ip_version", 4, 6);
        if (version == 5) throw CloudError.Invalid("Invalid input for ip_version. Reason: '5' is not in [4, 6].", "HTTPBadRequest");
        var row = new AddressScopeRow { Id = Id.New(), ProjectId = projectId, IpVersion = version };
        Apply(actor, row, fields);
        await tx.Insert(row);
        return row;
    }

    protected override async Task Change(Tx tx, Actor actor, AddressScopeRow row, Fields fields)
    {
        var was = row.Shared;
        Apply(actor, row, fields);
        if (was && !row.Shared) throw CloudError.Invalid($"Unable to update address scope {row.Id}: Shared address scope can't be unshared.", "AddressScopeUpdateError");
        await tx.Put(row);
    }

    private static void Apply(Actor actor, AddressScopeRow row, Fields fields)
    {
        Shown.Naming(row, fields);
        row.Shared = fields.FlagOr("shared") ?? row.Shared;
        fields.Done();
        if (row.Shared && !actor.IsAdmin) throw CloudError.Forbidden("Only an administrator may share an address scope.", "PolicyNotAuthorized");
    }

    protected override async Task Remove(Tx tx, Actor actor, AddressScopeRow row)
    {
        if (await tx.Db<NetworkDb>().SubnetPools.AnyAsync(p => p.AddressScopeId == row.Id))
            throw CloudError.Conflict($"Unable to complete operation on address scope {row.Id}. There are one or more subnet pools in use on the address scope.", "AddressScopeInUse");
        await tx.Delete<AddressScopeRow>(row.Id);
    }
}
