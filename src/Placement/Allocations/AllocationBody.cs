using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Placement.Allocations;

/// <summary>What one consumer is to hold, read from the body of PUT or POST in the form of the microversion.</summary>
internal sealed record AllocationBody(string ConsumerId, IReadOnlyList<AllocationRow> Rows, bool Guarded, long? Generation, string? Type)
{
    public static AllocationBody Read(Call call, string consumer, Fields body, bool emptyAllowed)
    {
        var id = Id.Canonical(consumer) ?? throw CloudError.Invalid("The consumer must be a UUID.");
        var (project, user) = call.AtLeast(8) ? (body.Text("project_id", 1), body.Text("user_id", 1)) : ("", "");
        var guarded = call.AtLeast(28);
        if (guarded && !body.Has("consumer_generation")) throw CloudError.Invalid("JSON does not validate: 'consumer_generation' is a required property; null for a new consumer.");
        var generation = guarded ? body.NumberOr("consumer_generation", 0, long.MaxValue) : null;
        var rows = (call.AtLeast(12) ? ByProvider(body) : AsList(body)).SelectMany(one => one.Resources.Names.ToList().Select(name => new AllocationRow
        {
            ConsumerId = id, ProviderId = Id.Canonical(one.Provider) ?? throw CloudError.Invalid($"'{one.Provider}' is not the UUID of a resource provider."),
            Class = name, Amount = one.Resources.Number(name, 1, int.MaxValue), ProjectId = project, UserId = user,
        })).OrderBy(r => r.ProviderId, StringComparer.Ordinal).ThenBy(r => r.Class, StringComparer.Ordinal).ToList();
        if (call.AtLeast(34)) body.ObjectOr("mappings"); // what a candidate said; nothing here depends on it
        var type = call.AtLeast(38) ? ConsumerTypes.Read(body) : null;
        body.Done();
        if (rows.Count == 0 && !(emptyAllowed || guarded)) throw CloudError.Invalid("JSON does not validate: 'allocations' must name at least one resource.");
        if (rows.GroupBy(r => (r.ProviderId, r.Class)).Any(g => g.Count() > 1)) throw CloudError.Invalid("A resource provider is named twice in 'allocations'.");
        return new AllocationBody(id, rows, guarded, generation, type);
    }

    private static List<(string Provider, Fields Resources)> ByProvider(Fields body)
    {
        var given = body.Object("allocations");
        return [.. given.Names.ToList().Select(provider =>
        {
            var one = given.Object(provider);
            var resources = one.Object("resources");
            one.NumberOr("generation", 0, long.MaxValue); // clients send back what GET showed
            one.Done();
            return (provider, resources);
        })];
    }

    private static List<(string Provider, Fields Resources)> AsList(Fields body) =>
        [.. (body.ObjectsOr("allocations") ?? throw CloudError.Invalid("JSON does not validate: 'allocations' is a required property.")).Select(one =>
        {
            var provider = one.Object("resource_provider").Text("uuid");
            var resources = one.Object("resources");
            one.Done();
            return (provider, resources);
        })];
}
