using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;
using Xiangyun.Wire.Outside;

namespace Xiangyun.Operations.Alarms;

/// <summary>/xiangyun/v1/alarm-settings: every limit from which something counts as wrong, and where alarms are told besides.</summary>
internal sealed class SettingsApi(Database database, Kinds kinds, AlarmSettings settings) : IApi
{
    public Service Service => OperationsModule.Service;

    public void Map(Routes r)
    {
        r.Get("/alarm-settings", "alarm:read_settings", call => database.Read(async q => Body(await AlarmSettings.Read(q))));
        r.Put("/alarm-settings", "alarm:write_settings", "alarm_settings.set", Set);
    }

    private Answer Body(SettingsValue value) => Answer.Ok(new JsonObject
    {
        ["settings"] = new JsonObject
        {
            ["limits"] = new JsonArray([.. kinds.Limits.Select(l => (JsonNode)new JsonObject
            {
                ["name"] = l.Name, ["value"] = settings.Limits(value)[l.Name], ["default"] = l.Default, ["least"] = l.Least, ["most"] = l.Most, ["unit"] = l.Unit,
            })]),
            ["webhook"] = value.Webhook is { } w ? new JsonObject { ["url"] = w.Url, ["has_secret"] = w.SealedSecret is not null, ["private_addresses"] = w.PrivateAddresses, ["least_severity"] = w.Least } : null,
        },
    });

    /// <summary>What is not named stays as it is; a limit of null goes back to its default, a webhook of null away.</summary>
    private async Task<Answer> Set(Call call)
    {
        var body = await call.Body("settings");
        var (limits, hook, away) = (body.ObjectOr("limits"), body.ObjectOr("webhook"), body.IsNull("webhook"));
        body.Done();
        var changes = Limits(limits);
        return await database.Write(call.Actor, async tx =>
        {
            await tx.Lock("alarm-settings");
            var old = await AlarmSettings.Read(tx);
            var merged = new Dictionary<string, long>(old.Limits);
            foreach (var (name, value) in changes)
                if (value is { } number) merged[name] = number;
                else merged.Remove(name);
            var now = new SettingsValue(merged, hook is not null ? Hook(hook, old.Webhook) : away ? null : old.Webhook);
            await AlarmSettings.Write(tx, now);
            tx.Audit(call.Verb, "alarm_settings", "cloud", null, new { limits = changes, webhook = now.Webhook is { } w ? new { w.Url, w.PrivateAddresses, w.Least } : null });
            return Body(now);
        });
    }

    private Dictionary<string, long?> Limits(Fields? limits)
    {
        var (found, known) = (new Dictionary<string, long?>(), kinds.Limits.ToDictionary(l => l.Name));
        foreach (var name in limits?.Names.ToList() ?? [])
        {
            if (!known.TryGetValue(name, out var limit)) throw CloudError.Invalid($"There is no limit '{name}'; there are {string.Join(", ", known.Keys)}.");
            found[name] = limits!.NumberOr(name, (long)limit.Least, (long)limit.Most);
        }
        return found;
    }

    private WebhookSettings Hook(Fields hook, WebhookSettings? old)
    {
        var (url, open, least) = (hook.Text("url", 1, 500), hook.FlagOr("private_addresses") ?? old?.PrivateAddresses ?? false, hook.OneOf("least_severity", AlarmWire.Severities) ?? old?.Least ?? AlarmWire.Severities[1]);
        var secret = hook.Has("secret") ? hook.TextOr("secret", 16, 200) is { } text ? settings.Seal(text) : null : old?.SealedSecret;
        hook.Done();
        OutsideHttp.Check(url, "the webhook", open);
        return new WebhookSettings(url, secret, open, least);
    }
}
