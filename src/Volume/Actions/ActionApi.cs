using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Volume.Volumes;
using Xiangyun.Wire;

namespace Xiangyun.Volume.Actions;

/// <summary>What an action sees: the volume as it is in this transaction, and the members of its body (null for <c>null</c>).</summary>
internal sealed record Doing(Call Call, Tx Tx, FullVolume Volume, Fields? Body)
{
    public VolumeRow Row => Volume.Row;
    public string Status => Volume.Status(Tx.Now);
    public VolumeDb Db => Tx.Db<VolumeDb>();

    /// <summary>Refuses when the status is none of these.</summary>
    public void Must(string what, params string[] statuses)
    {
        if (!statuses.Contains(Status))
            throw CloudError.Invalid($"Invalid volume: Volume {Row.Id} status must be {string.Join(" or ", statuses)} to {what}, but the current status is {Status}.");
    }

    public Fields Needed => Body ?? throw CloudError.Invalid("The action needs an object with its parameters.");
}

/// <summary>One action of POST /volumes/{id}/action: the member that names it, and what it does inside one transaction.</summary>
internal sealed record VolumeAction(string Name, Func<Doing, Task<JsonObject?>> Do, bool AdminOnly = false, int Status = 202)
{
    /// <summary>The microversion that brought it.</summary>
    public int Since { get; init; }
}

/// <summary>Finds the action by the body's one member and runs it.</summary>
internal sealed class ActionApi(Database database, IEnumerable<IVolumeActions> groups) : IApi
{
    private readonly Dictionary<string, VolumeAction> _actions = groups.SelectMany(g => g.All).ToDictionary(a => a.Name);

    public Service Service => VolumeService.Service;

    public void Map(Routes routes) => routes.Post("/volumes/{id}/action", "volume:write", "volume.action", Run);

    private async Task<Answer> Run(Call call)
    {
        VolumeService.Check(call);
        var body = await call.Body();
        if (body.Names.ToList() is not [var name]) throw CloudError.Invalid("The body must hold exactly one action.");
        var action = _actions.GetValueOrDefault(name) ?? throw CloudError.Invalid($"There is no such action: {name}. Known are: {string.Join(", ", _actions.Keys.Order())}.");
        if (!call.AtLeast(action.Since)) throw CloudError.Invalid($"The action {name} is there from microversion 3.{action.Since} on, and the request speaks {call.Version}.");
        if (action.AdminOnly) call.NeedsAdmin($"volume:{name}");
        var fields = body.ObjectOr(name);
        var answer = await database.Write(call.Actor, async tx =>
        {
            var volume = await VolumeStore.Get(tx, call.Actor, call["id"]);
            var result = await action.Do(new Doing(call, tx, volume, fields));
            fields?.Done();
            tx.Audit($"volume.{name}", "volume", volume.Row.Id, volume.Row.ProjectId);
            return result;
        }, call.Stop);
        return new Answer(action.Status, answer);
    }
}

internal interface IVolumeActions
{
    IEnumerable<VolumeAction> All { get; }
}
