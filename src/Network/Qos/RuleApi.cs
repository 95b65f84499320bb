using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Limits;
using Xiangyun.Network.Rest;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;
using Xiangyun.Wire;

namespace Xiangyun.Network.Qos;

/// <summary>The rules of one policy, below it or by their own id (alias), and what kinds of rules there are.</summary>
internal sealed class RuleApi(Database database) : IApi
{
    private static readonly (string Kind, string Path)[] Kinds = [(Policies.Bandwidth, "bandwidth_limit_rules"), (Policies.Dscp, "dscp_marking_rules")];

    /// <summary>RFC 2474 leaves six bits; these are the code points that Neutron takes.</summary>
    private static readonly HashSet<long> Marks = [0, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 36, 38, 40, 44, 46, 48, 56];

    private const string Read = "network:qos_policy:read", Write = "network:qos_policy:write";

    public Service Service => Neutron.Service;

    public void Map(Routes r)
    {
        foreach (var (kind, path) in Kinds)
        {
            var all = $"/qos/policies/{{policy_id}}/{path}";
            r.Get(all, Read, call => List(call, kind));
            r.Post(all, Write, "qos_rule.create", call => Create(call, kind));
            One(r, all + "/{id}", kind);
            One(r, $"/qos/alias-{path.Replace('_', '-')}/{{id}}", kind);
        }
        r.Get("/qos/rule-types", Read, call => Task.FromResult(Answer.Ok(new JsonObject { ["rule_types"] = new JsonArray([.. Kinds.Select(k => new JsonObject { ["type"] = k.Kind })]) })));
        r.Get("/qos/rule-types/{type}", Read, call => Task.FromResult(Answer.Ok(new JsonObject { ["rule_type"] = RuleType(call["type"]) })));
    }

    private void One(Routes r, string path, string kind)
    {
        r.Get(path, Read, call => database.Read(async q => Answer.Ok(new JsonObject { [kind + "_rule"] = Policies.Wire(await Find(q, call, kind)) })));
        r.Put(path, Write, "qos_rule.update", call => Change(call, kind));
        r.Delete(path, Write, "qos_rule.delete", call => Delete(call, kind));
    }

    private static JsonObject RuleType(string type)
    {
        if (Kinds.All(k => k.Kind != type)) throw CloudError.NotFound($"Rule type {type} could not be found.", "HTTPNotFound");
        return new JsonObject
        {
            ["type"] = type,
            ["drivers"] = new JsonArray(new JsonObject
            {
                ["name"] = "ovn",
                ["supported_parameters"] = type == Policies.Dscp
                    ? [Parameter("dscp_mark", "choices", new JsonArray([.. Marks.Order().Select(m => JsonValue.Create(m))]))]
                    : new JsonArray(Parameter("max_kbps", "range", Range()), Parameter("max_burst_kbps", "range", Range()), Parameter("direction", "choices", new JsonArray("egress", "ingress"))),
            }),
        };

        static JsonObject Range() => new() { ["start"] = 0, ["end"] = int.MaxValue };
        static JsonObject Parameter(string name, string kind, JsonNode values) => new() { ["parameter_name"] = name, ["parameter_type"] = kind, ["parameter_values"] = values };
    }

    private static string? PolicyOf(Call call) => call.Http.Request.RouteValues["policy_id"] as string;

    private static async Task<QosPolicyRow> Policy(Query q, Call call, string id, bool toWrite = false)
    {
        var row = await Policies.Visible(q, call.Actor).SingleOrDefaultAsync(p => p.Id == id) ?? throw Policies.Missing(id);
        if (toWrite && !call.Actor.MaySee(row.ProjectId)) throw CloudError.Forbidden($"The policy {id} belongs to another project; only its project or an administrator may change it.", "PolicyNotAuthorized");
        return row;
    }

    private static async Task<QosRuleRow> Find(Query q, Call call, string kind, bool toWrite = false)
    {
        var (id, within) = (call["id"], PolicyOf(call));
        var row = await q.Db<NetworkDb>().QosRules.SingleOrDefaultAsync(r => r.Id == id && r.Kind == kind && (within == null || r.PolicyId == within)) ?? throw Missing(id);
        await Policy(q, call, row.PolicyId, toWrite);
        return row;
    }

    private static CloudError Missing(string id) => NotFound.Of("QosRuleNotFound", "QoS rule", id);

    private Task<Answer> List(Call call, string kind) => database.Read(async q =>
    {
        var policy = await Policy(q, call, call["policy_id"]);
        var rows = (await Policies.Rules(q, policy.Id)).Where(r => r.Kind == kind);
        return Answer.Ok(new JsonObject { [kind + "_rules"] = new JsonArray([.. rows.Select(Policies.Wire)]) });
    });

    private async Task<Answer> Create(Call call, string kind)
    {
        var fields = await call.Body(kind + "_rule");
        return Answer.Created(await database.Write(call.Actor, async tx =>
        {
            var policy = await Policy(tx, call, call["policy_id"], toWrite: true);
            await Held(tx, policy.Id);
            var row = new QosRuleRow { Id = Id.New(), PolicyId = policy.Id, Kind = kind, Direction = kind == Policies.Bandwidth ? "egress" : null };
            if (kind == Policies.Bandwidth) fields.Number("max_kbps", 0, int.MaxValue);
            else fields.Number("dscp_mark", 0, 63);
            await Apply(tx, row, fields);
            tx.Db<NetworkDb>().Add(row);
            await Done(tx, call, row);
            return new JsonObject { [kind + "_rule"] = Policies.Wire(row) };
        }));
    }

    private async Task<Answer> Change(Call call, string kind)
    {
        var fields = await call.Body(kind + "_rule");
        return Answer.Ok(await database.Write(call.Actor, async tx =>
        {
            var row = await Find(tx, call, kind, toWrite: true);
            await Held(tx, row.PolicyId);
            await Apply(tx, row, fields);
            tx.Db<NetworkDb>().Update(row);
            await Done(tx, call, row);
            return new JsonObject { [kind + "_rule"] = Policies.Wire(row) };
        }));
    }

    private async Task<Answer> Delete(Call call, string kind)
    {
        await database.Write(call.Actor, async tx =>
        {
            var row = await Find(tx, call, kind, toWrite: true);
            await Held(tx, row.PolicyId);
            await ExitBandwidth.MustFit(tx, row.PolicyId, await Others(tx, row));
            await tx.Db<NetworkDb>().QosRules.Where(r => r.Id == row.Id).ExecuteDeleteAsync();
            await Done(tx, call, row);
        });
        return Answer.NoContent;
    }

    private static async Task Apply(Tx tx, QosRuleRow row, Fields fields)
    {
        if (row.Kind == Policies.Dscp)
        {
            row.DscpMark = (int?)fields.NumberOr("dscp_mark", 0, 63) ?? row.DscpMark;
            if (!Marks.Contains(row.DscpMark!.Value)) throw CloudError.Invalid($"Invalid input for dscp_mark. Reason: {row.DscpMark} is not in [{string.Join(", ", Marks.Order())}].", "HTTPBadRequest");
        }
        else
        {
            row.MaxKbps = fields.NumberOr("max_kbps", 0, int.MaxValue) ?? row.MaxKbps;
            row.MaxBurstKbps = fields.NumberOr("max_burst_kbps", 0, int.MaxValue) ?? row.MaxBurstKbps;
            row.Direction = fields.OneOf("direction", "egress", "ingress") ?? row.Direction;
        }
        fields.Done();
        if (await tx.Db<NetworkDb>().QosRules.AnyAsync(r => r.PolicyId == row.PolicyId && r.Kind == row.Kind && r.Direction == row.Direction && r.Id != row.Id))
            throw CloudError.Conflict($"Rule {row.Kind} is duplicate of another rule in QoS policy {row.PolicyId}.", "QoSRuleParameterConflict");
        await ExitBandwidth.MustFit(tx, row.PolicyId, [.. await Others(tx, row), row]);
    }

    /// <summary>Nobody begins to follow the policy while its rules change; the quota comes first, as for whoever takes an address.</summary>
    private static async Task Held(Tx tx, string policyId)
    {
        await tx.LockShared(QuotaTree.Divided);
        await tx.Lock("network:" + policyId);
    }

    private static async Task<IReadOnlyList<QosRuleRow>> Others(Tx tx, QosRuleRow row) => [.. (await Policies.Rules(tx, row.PolicyId)).Where(r => r.Id != row.Id)];

    private static async Task Done(Tx tx, Call call, QosRuleRow row)
    {
        await tx.Bump<QosPolicyRow>(row.PolicyId);
        await Policies.Wake(tx, row.PolicyId);
        tx.Audit(call.Verb, "qos_rule", row.Id, null, new { row.PolicyId, row.Kind, row.Direction, row.MaxKbps, row.MaxBurstKbps, row.DscpMark });
    }
}
