namespace Xiangyun.Testing;

/// <summary>How a test wants its cloud.</summary>
public sealed record CloudShape
{
    /// <summary>"sqlite" or "postgres".</summary>
    public string Database { get; init; } = "sqlite";
    /// <summary>Simulated hosts; 0 = no agent at all.</summary>
    public int Hosts { get; init; } = 4;
    /// <summary>The server as a process of its own, so that it can be killed; else inside the test's process.</summary>
    public bool OwnProcess { get; init; }
    /// <summary>Simulated hosts have every image, or ask the server for its bytes.</summary>
    public bool EveryImage { get; init; } = true;
    /// <summary>Seconds until an agent removes what no plan names.</summary>
    public int Grace { get; init; } = 600;
    /// <summary>Seconds that a simulated host takes to boot.</summary>
    public int Boot { get; init; } = 3;
    /// <summary>Simulated hosts carry a running guest over to each other as real ones do, instead of sharing everything.</summary>
    public bool Carry { get; init; }
    /// <summary>What a test puts between the server and its engines, when the server is in the test's process.</summary>
    public Action<Microsoft.Extensions.DependencyInjection.IServiceCollection>? Adapt { get; init; }
    /// <summary>The server itself speaks HTTPS, with the certificate of its own authority.</summary>
    public bool Https { get; init; }
    /// <summary>Where clients find it when that is not where it listens, as behind a proxy.</summary>
    public string? PublicUrl { get; init; }
    /// <summary>How much audit is written; less than all is for measuring.</summary>
    public string Audit { get; init; } = "chained";
}
