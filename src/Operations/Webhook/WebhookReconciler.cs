using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Xiangyun.Kernel;
using Xiangyun.Operations.Alarms;
using Xiangyun.Reconcile;
using Xiangyun.Store;
using Xiangyun.Wire.Outside;

namespace Xiangyun.Operations.Webhook;

/// <summary>
/// Sends one piece of news until it is taken, for a day at most. It may arrive twice (the answer was lost): its id says so. Signed as
/// HMAC-SHA256 of time, a dot and the body, so that the receiver knows who speaks and that it is not an old message.
/// </summary>
internal sealed class WebhookReconciler : IReconciler, IDisposable
{
    public const string Work = "alarm-webhook", IdHeader = "X-Xiangyun-Delivery", TimeHeader = "X-Xiangyun-Timestamp", SignatureHeader = "X-Xiangyun-Signature";
    private const long Longest = 24L * 3_600_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Database _database;
    private readonly AlarmSettings _settings;
    private readonly TimeProvider _clock;
    private readonly ILogger<WebhookReconciler> _log;
    private readonly OutsideHttp _http;
    private volatile bool _private;

    public WebhookReconciler(Database database, AlarmSettings settings, TimeProvider clock, ILogger<WebhookReconciler> log)
    {
        (_database, _settings, _clock, _log) = (database, settings, clock, log);
        _http = new OutsideHttp(() => _private);
    }

    public string Kind => Work;

    public async Task<IReadOnlyList<string>> Keys(Query q) => await q.Db<OperationsDb>().Deliveries.Select(d => d.Id).ToListAsync();

    public async Task<Next> Reconcile(string id, CancellationToken ct)
    {
        var (row, hook) = await _database.Read(async q => (await q.Db<OperationsDb>().Deliveries.SingleOrDefaultAsync(d => d.Id == id, ct), (await AlarmSettings.Read(q)).Webhook), ct);
        if (row is null) return Next.Done;
        var old = row.CreatedAt < _clock.Ms() - Longest;
        if (old) _log.DeliveryGivenUp(row.AlarmId);
        else if (hook is not null) await Send(row, hook, ct);
        await _database.Write(Actor.System, tx => tx.Db<OperationsDb>().Deliveries.Where(d => d.Id == id).ExecuteDeleteAsync(), ct);
        return Next.Done;
    }

    private async Task Send(DeliveryRow row, WebhookSettings hook, CancellationToken ct)
    {
        _private = hook.PrivateAddresses;
        using var request = new HttpRequestMessage(HttpMethod.Post, OutsideHttp.Check(hook.Url, "the webhook", hook.PrivateAddresses)) { Content = new StringContent(row.Body, Encoding.UTF8, "application/json") };
        var time = (_clock.Ms() / 1000).ToString(CultureInfo.InvariantCulture);
        request.Headers.Add(IdHeader, row.Id);
        request.Headers.Add(TimeHeader, time);
        if (hook.SealedSecret is { } secret) request.Headers.Add(SignatureHeader, Sign(_settings.Open(secret), time, row.Body));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            using var answer = await _http.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (!answer.IsSuccessStatusCode) throw CloudError.Unavailable($"The webhook {hook.Url} answered {(int)answer.StatusCode}.");
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException || e is OperationCanceledException && !ct.IsCancellationRequested)
        {
            throw e.InnerException as CloudError ?? CloudError.Unavailable($"The webhook {hook.Url} did not take it: {(e is OperationCanceledException ? $"no answer within {Patience.TotalSeconds:0} s" : e.Message)}", e);
        }
    }

    public static string Sign(string secret, string time, string body) => "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(time + "." + body)));

    public void Dispose() => _http.Dispose();
}
