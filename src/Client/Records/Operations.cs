namespace Xiangyun.Client.Records;

/// <summary>Something that is wrong, or was. Values stand for the braces of the message.</summary>
public sealed record Alarm(string Id, string Kind, string Severity, string State, string Message, Dictionary<string, string> Values, string ObjectKind, string ObjectId, string? ObjectName, string? ProjectId, string? DomainId, string? Page,
    DateTimeOffset Since, DateTimeOffset? RaisedAt, DateTimeOffset LastSeenAt, DateTimeOffset? ClearedAt, DateTimeOffset? AcknowledgedAt, string? AcknowledgedBy, string? Note, DateTimeOffset? SilencedUntil);

/// <summary>One long operation.</summary>
public sealed record LongTask(string Id, string Kind, string State, string ObjectKind, string ObjectId, string? ObjectName, string? ProjectId, string? DomainId, string? UserId, string? Stage, List<string> Stages, double? Percent, long? BytesDone, long? BytesTotal,
    long? BytesPerSecond, long? EtaSeconds, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? Error, List<string> Can)
{
    public bool Open => State is "running" or "waiting";
}

public sealed record AlarmSettings(List<AlarmLimit> Limits, AlarmWebhook? Webhook);

public sealed record AlarmLimit(string Name, double Value, double Default, double Least, double Most, string Unit);

public sealed record AlarmWebhook(string Url, bool HasSecret, bool PrivateAddresses, string LeastSeverity);
