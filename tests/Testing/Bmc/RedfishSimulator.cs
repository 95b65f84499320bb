using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Xiangyun.Testing.Bmc;

/// <summary>
/// A Redfish service (DMTF DSP0266) in front of one <see cref="SimulatedMachine"/>: service root, sessions, one system with its reset action, one chassis
/// with its power. On loopback, with a certificate of its own making, as controllers come.
/// </summary>
public sealed class RedfishSimulator : IAsyncDisposable
{
    public const string User = "operator", Password = "redfish-of-tests";
    private const string Root = "/redfish/v1";

    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;
    private readonly HashSet<string> _tokens = [];
    private int _failing;

    private RedfishSimulator(WebApplication app, X509Certificate2 certificate) => (_app, _certificate, Fingerprint) = (app, certificate, Convert.ToHexStringLower(SHA256.HashData(certificate.RawData)));

    public SimulatedMachine Machine { get; } = new();

    /// <summary>An old service: passwords with each request, and nowhere to open a session.</summary>
    public bool NoSessions { get; set; }

    /// <summary>Sessions that nobody has closed.</summary>
    public int Open => _tokens.Count;

    public Uri Address { get; private set; } = null!;
    public string Fingerprint { get; }

    /// <summary>The next so many requests are answered 503.</summary>
    public void Fail(int requests) => _failing = requests;

    public static async Task<RedfishSimulator> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        var certificate = Certificate();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseHttps(certificate)));
        var simulator = new RedfishSimulator(builder.Build(), certificate);
        simulator._app.Run(simulator.Answer);
        await simulator._app.StartAsync();
        simulator.Address = new Uri(simulator._app.Urls.Single());
        return simulator;
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=simulated controller", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        return X509CertificateLoader.LoadPkcs12(request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30)).Export(X509ContentType.Pfx), null);
    }

    private async Task Answer(HttpContext http)
    {
        var path = http.Request.Path.Value!.TrimEnd('/');
        var (status, body) = _failing-- > 0 ? (503, Error("the service is starting")) : await Route(http, path);
        http.Response.StatusCode = status;
        http.Response.Headers["OData-Version"] = "4.0";
        if (body is not null) await http.Response.WriteAsJsonAsync(body, Wire.Json.Options, "application/json");
    }

    private async Task<(int, JsonNode?)> Route(HttpContext http, string path)
    {
        var method = http.Request.Method;
        if (path == "/redfish") return (200, new JsonObject { ["v1"] = Root + "/" });
        if (path == Root) return (200, Named(Root + "/", "ServiceRoot.v1_11_0.ServiceRoot", "RootService", ("RedfishVersion", "1.11.0"), ("Systems", Link("/Systems")), ("Chassis", Link("/Chassis")), ("SessionService", Link("/SessionService")), ("Links", new JsonObject { ["Sessions"] = Link("/SessionService/Sessions") })));
        if (path == Root + "/SessionService/Sessions" && method == "POST") return NoSessions ? (404, Error("there are no sessions here")) : await SignIn(http);
        if (!Known(http.Request)) return (401, Error("who are you?"));
        if (method == "DELETE") return _tokens.Remove(http.Request.Headers["X-Auth-Token"].ToString()) ? (204, null) : (404, Error("no such session"));
        if (path == Root + "/Systems/1/Actions/ComputerSystem.Reset") return method == "POST" ? await Reset(http) : (405, Error("only POST"));
        return method != "GET" ? (405, Error("only GET")) : path[Math.Min(path.Length, Root.Length)..] switch
        {
            "/Systems" => (200, Collection("/Systems", "ComputerSystemCollection")),
            "/Systems/1" => (200, Named(Root + "/Systems/1", "ComputerSystem.v1_16_0.ComputerSystem", "1", ("Manufacturer", SimulatedMachine.Maker), ("Model", SimulatedMachine.Model), ("PowerState", Machine.On ? "On" : "Off"),
                ("Links", new JsonObject { ["Chassis"] = new JsonArray(Link("/Chassis/1")) }),
                ("Actions", new JsonObject { ["#ComputerSystem.Reset"] = new JsonObject { ["target"] = Root + "/Systems/1/Actions/ComputerSystem.Reset", ["ResetType@Redfish.AllowableValues"] = new JsonArray("On", "ForceOff", "GracefulShutdown") } }))),
            "/Chassis" => (200, Collection("/Chassis", "ChassisCollection")),
            "/Chassis/1" => (200, Named(Root + "/Chassis/1", "Chassis.v1_19_0.Chassis", "1", ("ChassisType", "RackMount"), ("Power", Link("/Chassis/1/Power")))),
            "/Chassis/1/Power" => (200, Named(Root + "/Chassis/1/Power", "Power.v1_7_1.Power", "Power", ("PowerControl", new JsonArray(new JsonObject { ["MemberId"] = "0", ["PowerConsumedWatts"] = Machine.Watts, ["PowerCapacityWatts"] = 500 })))),
            _ => (404, Error("nothing is there")),
        };
    }

    private async Task<(int, JsonNode?)> SignIn(HttpContext http)
    {
        var body = await JsonNode.ParseAsync(http.Request.Body);
        if ((string?)body?["UserName"] != User || (string?)body["Password"] != Password) return (401, Error("wrong user or password"));
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        _tokens.Add(token);
        http.Response.Headers["X-Auth-Token"] = token;
        http.Response.Headers.Location = Root + "/SessionService/Sessions/1";
        return (201, Named(Root + "/SessionService/Sessions/1", "Session.v1_3_0.Session", "1", ("UserName", User)));
    }

    private bool Known(HttpRequest request) => _tokens.Contains(request.Headers["X-Auth-Token"].ToString())
        || request.Headers.Authorization.ToString() == "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"));

    private async Task<(int, JsonNode?)> Reset(HttpContext http)
    {
        var kind = (string?)(await JsonNode.ParseAsync(http.Request.Body))?["ResetType"];
        if (kind is not ("On" or "ForceOff" or "GracefulShutdown")) return (400, Error($"The value {kind} for the property ResetType is not in the list of acceptable values."));
        if (Machine.On == (kind == "On")) return (409, Error($"The machine is {(Machine.On ? "on" : "off")} already."));
        Machine.Press(kind switch { "On" => "on", "ForceOff" => "force", _ => "shutdown" });
        return (204, null);
    }

    private static JsonObject Link(string path) => new() { ["@odata.id"] = Root + path };

    private static JsonObject Collection(string path, string type) => Named(Root + path, $"{type}.{type}", path[1..], ("Members@odata.count", 1), ("Members", new JsonArray(Link(path + "/1"))));

    private static JsonObject Named(string path, string type, string id, params (string Name, JsonNode Value)[] rest)
    {
        var named = new JsonObject { ["@odata.id"] = path, ["@odata.type"] = "#" + type, ["Id"] = id, ["Name"] = id };
        foreach (var (name, value) in rest) named[name] = value;
        return named;
    }

    private static JsonObject Error(string message) => new()
    {
        ["error"] = new JsonObject { ["code"] = "Base.1.8.GeneralError", ["message"] = "A general error has occurred.", ["@Message.ExtendedInfo"] = new JsonArray(new JsonObject { ["Message"] = message }) },
    };

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
    }
}
