using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xiangyun.Fleet;
using Xiangyun.Server;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Testing;

/// <summary>
/// A whole cloud for tests: the real server on a loopback port with a database of its own, and one real agent process
/// that speaks for simulated hosts over mutual TLS. Only the engines below the agent are simulated.
/// </summary>
public sealed class Cloud : IAsyncDisposable
{
    public const string AdminPassword = "correct-horse-battery";
    private static int _names;

    private readonly CloudShape _shape;
    private readonly ServerConfig _config;
    private readonly Folder _folder;
    private WebApplication? _app;
    private Child? _server;
    private Child? _agent;
    private HttpClient? _http;
    private Client? _admin, _security, _auditor;

    private Cloud(CloudShape shape, Folder folder, ServerConfig config)
    {
        _shape = shape;
        _folder = folder;
        _config = config;
    }

    public string Url => _config.Listen;
    /// <summary>For what is written while no server runs.</summary>
    public string DatabaseUrl => _config.DatabaseUrl;
    public Folder Folder => _folder;
    public CloudShape Shape => _shape;

    /// <summary>The administrator, scoped to the project admin.</summary>
    public Client Admin => _admin!;
    /// <summary>安全管理员, with a token of the system.</summary>
    public Client Security => _security!;
    /// <summary>审计管理员, with a token of the system.</summary>
    public Client Auditor => _auditor!;

    /// <summary>Somebody without a token.</summary>
    public Client Nobody => new(_http!, null);

    public HttpClient Http => _http!;

    /// <summary>Inside the server, when it runs in this process.</summary>
    public IServiceProvider Services => _app?.Services ?? throw new InvalidOperationException("the server is a process of its own");
    public Database Database => Services.GetRequiredService<Database>();
    public RouteTable Routes => Services.GetRequiredService<RouteTable>();

    public static async Task<Cloud> Start(CloudShape? shape = null)
    {
        shape ??= new CloudShape();
        var folder = new Folder();
        var database = shape.Database == "postgres" ? await PostgresCluster.NewDatabase() : $"sqlite:{folder.At("cloud.db")}";
        var config = new ServerConfig
        {
            State = folder.Path, Listen = $"{(shape.Https ? "https" : "http")}://127.0.0.1:{FreePort()}", PublicUrl = shape.PublicUrl, Database = database, Audit = shape.Audit,
            Hosts = [.. Enumerable.Range(1, shape.Hosts).Select(n => new HostEndpoint($"sim-{n:000}", "unix:" + folder.At("agent.sock")))],
        };
        Pki.Ensure(config.Tls, [], TimeProvider.System);
        var cloud = new Cloud(shape, folder, config);
        foreach (var variable in new[] { "XY_BOOTSTRAP_PASSWORD", "XY_BOOTSTRAP_SECURITY_PASSWORD", "XY_BOOTSTRAP_AUDIT_PASSWORD" }) Environment.SetEnvironmentVariable(variable, AdminPassword);
        if (shape.Hosts > 0) cloud.StartAgent();
        await cloud.StartServer();
        cloud._admin = await Client.SignIn(cloud._http!, "admin", AdminPassword, new { project = new { name = "admin", domain = new { id = "default" } } });
        cloud._security = await Client.SignIn(cloud._http!, "security", AdminPassword, new { system = new { all = true } });
        cloud._auditor = await Client.SignIn(cloud._http!, "auditor", AdminPassword, new { system = new { all = true } });
        if (shape.Hosts > 0) await cloud.HostsAlive();
        return cloud;
    }

    public async Task StartServer()
    {
        if (_shape.OwnProcess)
        {
            var file = _folder.At("server.json");
            await File.WriteAllTextAsync(file, System.Text.Json.JsonSerializer.Serialize(_config, Wire.Json.Options));
            _server = Child.Start(_folder.At("server.log"), Path.Combine(AppContext.BaseDirectory, "Xiangyun.Server"), ["run", "--config", file]);
        }
        else
        {
            _app = CloudServer.Build(_config, builder =>
            {
                builder.Logging.ClearProviders().AddProvider(new FileLog(_folder.At("server.log")));
                _shape.Adapt?.Invoke(builder.Services);
            });
            await _app.Services.GetRequiredService<Migrator>().Run();
            await _app.StartAsync();
        }
        _http ??= new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(10), SslOptions = { CertificateChainPolicy = _shape.Https ? Trust() : null } }) { BaseAddress = new Uri(Url), Timeout = TimeSpan.FromSeconds(100) };
        await Wait.Until("the server answers", async () =>
        {
            if (_server is { Ended: true }) throw new InvalidOperationException("the server ended: " + await File.ReadAllTextAsync(_folder.At("server.log")));
            try
            {
                return (await Nobody.Get("/health/ready")).Status == 200;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    private System.Security.Cryptography.X509Certificates.X509ChainPolicy Trust() => new()
    {
        TrustMode = System.Security.Cryptography.X509Certificates.X509ChainTrustMode.CustomRootTrust, RevocationMode = System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck,
        CustomTrustStore = { System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificateFromFile(Path.Combine(_config.Tls, "ca.crt")) },
    };

    public void StartAgent() => _agent = Child.Start(_folder.At("agent.log"), Path.Combine(AppContext.BaseDirectory, "Xiangyun.Agent"),
        ["run", "--state", _folder.At("agent"), "--listen", "unix:" + _folder.At("agent.sock"), "--tls", _config.Tls,
         "--simulate", $"{_shape.Hosts}", "--images", _shape.EveryImage ? "have" : "ask", "--grace", $"{_shape.Grace}", "--sample", "1", "--boot", $"{_shape.Boot}", "--address", _shape.Carry ? "any" : ""]);

    /// <summary>kill -9.</summary>
    public async Task KillAgent()
    {
        await _agent!.DisposeAsync();
        _agent = null;
    }

    /// <summary>kill -9; only when it is a process of its own.</summary>
    public async Task KillServer()
    {
        await _server!.DisposeAsync();
        _server = null;
    }

    public Task HostsAlive() => Wait.For("every simulated host is alive",
        async () => (await Admin.Get("/xiangyun/v1/hosts?limit=1000")).Is(200)["hosts"].AsArray(),
        hosts => hosts.Count == _shape.Hosts && hosts.All(h => (bool)h!["alive"]!), TimeSpan.FromSeconds(60 + _shape.Hosts / 3));

    /// <summary>A name that nothing else in this process uses.</summary>
    public static string Name(string of) => $"{of}-{Interlocked.Increment(ref _names)}";

    /// <summary>"admin" is the administrator; other names sign in with the password that <see cref="NewUser"/> gave.</summary>
    public Client As(string who) => who == "admin" ? Admin : throw new ArgumentException($"there is no '{who}': use NewProject");

    /// <summary>A new project and a new user with the role in it, signed in.</summary>
    public async Task<Client> NewProject(string role = "member", string? projectId = null)
    {
        projectId ??= (string)(await Admin.Post("/identity/v3/projects", new { project = new { name = Name("project"), domain_id = "default" } })).Is(201)["project"]["id"]!;
        var (name, password) = (Name("user"), "a-password-of-tests");
        var userId = (string)(await Admin.Post("/identity/v3/users", new { user = new { name, domain_id = "default", password, default_project_id = projectId } })).Is(201)["user"]["id"]!;
        await Grant($"projects/{projectId}/users/{userId}", role);
        return await Client.SignIn(Http, name, password, new { project = new { id = projectId } });
    }

    /// <summary>Another user with a role in somebody's project.</summary>
    public Task<Client> NewUser(Client beside, string role) => NewProject(role, beside.ProjectId);

    /// <param name="where"><c>projects/ID/users/ID</c>, <c>domains/ID/groups/ID</c> ...</param>
    public async Task Grant(string where, string role)
    {
        var roles = (await Admin.Get($"/identity/v3/roles?name={role}")).Is(200)["roles"].AsArray();
        (await Admin.Put($"/identity/v3/{where}/roles/{(string)roles.Single()!["id"]!}")).Is(204);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
        if (_server is not null) await _server.DisposeAsync();
        if (_agent is not null) await _agent.DisposeAsync();
        _http?.Dispose();
        if (_folder.Failed && _shape.Database == "postgres") await File.WriteAllTextAsync(_folder.At("cloud.sql"), await PostgresCluster.Dump(_config.DatabaseUrl));
        _folder.Leave();
    }

    private static int FreePort()
    {
        using var socket = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
