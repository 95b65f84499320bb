namespace Xiangyun.Operations.Webhook;

/// <summary>One piece of news that the webhook has not taken yet; exactly these bytes are signed and sent.</summary>
internal sealed class DeliveryRow
{
    public required string Id { get; init; }
    public required string AlarmId { get; init; }
    public required string Body { get; init; }
    public long CreatedAt { get; init; }
}
