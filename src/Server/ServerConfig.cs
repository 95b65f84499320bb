using System.Text.Json;
using Xiangyun.Fleet;
using Xiangyun.Identity;
using Xiangyun.Image;
using Xiangyun.Store.Audit;
using Xiangyun.Wire;

namespace Xiangyun.Server;

/// <summary>The one configuration file of a server (JSON, snake_case). The launcher writes it.</summary>
internal sealed record ServerConfig
{
    /// <summary>Directory of everything this server keeps: tls/, images/, the SQLite file.</summary>
    public required string State { get; init; }
    public string Listen { get; init; } = "https://127.0.0.1:5000";
    public string? PublicUrl { get; init; }
    public string Region { get; init; } = "RegionOne";
    public string? Database { get; init; }
    public string Fabric { get; init; } = "simulated";
    public List<HostEndpoint> Hosts { get; init; } = [];
    /// <summary>Directory with noVNC's static files, for the graphic console page.</summary>
    public string? Novnc { get; init; }
    /// <summary>Rules for passwords and for tries to guess them.</summary>
    public IdentityOptions Identity { get; init; } = new();
    /// <summary>What image imports may fetch from the web.</summary>
    public ImportOptions ImageImport { get; init; } = new();
    /// <summary>OTLP endpoint for traces; none = no export.</summary>
    public string? Otlp { get; init; }
    /// <summary>How many servers /metrics can tell of one by one. Room for all of them is taken at once: about 700 bytes each.</summary>
    public int GuestSeries { get; init; } = 20_000;

    /// <summary>Less than the whole audit log (rows, plain, none) only to measure what it costs: without XY_BENCH in the environment it is refused.</summary>
    public string Audit { get; init; } = "chained";

    public AuditLevel AuditLevel => !Enum.TryParse<AuditLevel>(Audit, ignoreCase: true, out var level) ? throw new InvalidDataException($"audit: '{Audit}' is none of chained, rows, plain, none")
        : level == AuditLevel.Chained || Environment.GetEnvironmentVariable("XY_BENCH") is { Length: > 0 } ? level
        : throw new InvalidDataException($"audit: '{Audit}' is for measuring only. A cloud that serves anybody writes its whole audit log; remove the line from the configuration.");
    public string Tls => Path.Combine(State, "tls");
    public string DatabaseUrl => Database ?? $"sqlite:{Path.Combine(State, "xiangyun.db")}";
    public string CatalogUrl => (PublicUrl ?? Listen).TrimEnd('/');

    public static ServerConfig Read(string file)
    {
        var config = JsonSerializer.Deserialize<ServerConfig>(File.ReadAllText(file), Json.Options) ?? throw new InvalidDataException($"{file} is empty");
        return config with { State = Path.GetFullPath(config.State) };
    }
}
