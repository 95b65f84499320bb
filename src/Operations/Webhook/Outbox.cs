using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Operations.Alarms;
using Xiangyun.Store;

namespace Xiangyun.Operations.Webhook;

/// <summary>Puts news of an alarm into the table that the webhook is served from, in the transaction that makes it news.</summary>
internal sealed class Outbox(Kinds kinds)
{
    public const string Raised = "raised", Worse = "worse", Cleared = "cleared";

    public async Task Tell(Tx tx, AlarmRow row, string what)
    {
        if (row.SilencedUntil > tx.Now || row.Key == WebhookAlarm) return;
        if ((await AlarmSettings.Read(tx)).Webhook is not { } hook || row.Severity < Array.IndexOf(AlarmWire.Severities, hook.Least)) return;
        var body = new JsonObject { ["event"] = what, ["at"] = Clock.Seconds(tx.Now), ["alarm"] = AlarmWire.Of(row, kinds, tx.Now) };
        var delivery = new DeliveryRow { Id = Id.New(), AlarmId = row.Id, Body = body.ToJsonString(Wire.Json.Options), CreatedAt = tx.Now };
        tx.Db<OperationsDb>().Add(delivery);
        tx.Wake(WebhookReconciler.Work, delivery.Id);
    }

    /// <summary>That the webhook does not answer is not told to the webhook.</summary>
    public const string WebhookAlarm = "work.failing:" + WebhookReconciler.Work;
}
