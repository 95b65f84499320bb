using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Xiangyun.Store;
using Xiangyun.Store.Alarms;
using Xiangyun.Store.Settings;
using Xiangyun.Wire;

namespace Xiangyun.Operations.Alarms;

/// <summary>Where alarms are told besides. The secret is kept sealed.</summary>
internal sealed record WebhookSettings(string Url, string? SealedSecret, bool PrivateAddresses, string Least);

internal sealed record SettingsValue(Dictionary<string, long> Limits, WebhookSettings? Webhook);

/// <summary>What the operator set, of all that can be set: one row. What is not in it has the kind's default.</summary>
internal sealed class AlarmSettings(Kinds kinds, IDataProtectionProvider protection)
{
    private const string Name = "alarm.settings";
    private readonly IDataProtector _protector = protection.CreateProtector("xiangyun.alarm-webhook.v1");

    public static async Task<SettingsValue> Read(Query q) =>
        await Settings.Get(q, Name) is { } text ? JsonSerializer.Deserialize<SettingsValue>(text, Json.Options)! : new SettingsValue([], null);

    public static Task Write(Tx tx, SettingsValue value) => Settings.Set(tx, Name, JsonSerializer.Serialize(value, Json.Options));

    public AlarmLimits Limits(SettingsValue value) => new(kinds.Limits.ToDictionary(l => l.Name, l => value.Limits.TryGetValue(l.Name, out var set) ? set : l.Default));

    public string Seal(string secret) => _protector.Protect(secret);

    public string Open(string sealedSecret) => _protector.Unprotect(sealedSecret);
}
