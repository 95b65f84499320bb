using System.Security.Cryptography.X509Certificates;
using Xiangyun.Store;
using Xiangyun.Store.Alarms;

namespace Xiangyun.Operations.Own;

/// <summary>The certificates of the cloud's own TLS, read from their files: when one has ended, servers and agents refuse each other.</summary>
internal sealed class TlsAlarms(OperationsOptions options) : IAlarmSource
{
    private const string Expiring = "tls.expiring", Days = Expiring + ".days";

    public IReadOnlyList<AlarmKind> Kinds { get; } = [new(Expiring, "The certificate {file} ends in {days} days, on {end}.") { Limits = [new(Days, 30, 1, 365, "days")] }];

    public TimeSpan Period => TimeSpan.FromMinutes(1);

    public Task<IReadOnlyList<Condition>> Now(Query q, AlarmLimits limits)
    {
        var found = new List<Condition>();
        string[] files = Directory.Exists(options.TlsDirectory) ? Directory.GetFiles(options.TlsDirectory, "*.crt") : [];
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(file);
            var (end, name) = (certificate.NotAfter.ToUniversalTime(), Path.GetFileName(file));
            var days = (new DateTimeOffset(end).ToUnixTimeMilliseconds() - q.Now) / 86_400_000.0;
            if (days < limits[Days]) found.Add(new Condition
            {
                Key = $"{Expiring}:{name}", Kind = Expiring, Severity = days < 1 ? Severity.Critical : days < 7 ? Severity.Major : Severity.Minor, ObjectKind = "certificate", ObjectId = name, ObjectName = name,
                Values = new Dictionary<string, string> { ["file"] = name, ["days"] = $"{Math.Max(0, Math.Floor(days)):0}", ["end"] = $"{end:yyyy-MM-dd}" },
            });
        }
        return Task.FromResult<IReadOnlyList<Condition>>(found);
    }
}
