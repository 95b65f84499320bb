using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Xiangyun.Testing;

namespace Xiangyun.Api.Identity;

/// <summary>A real OpenID provider on loopback, with one person (zhao) and one client (xiangyun).</summary>
internal sealed class Glewlwyd : IAsyncDisposable
{
    public const string Client = "xiangyun", Back = "http://127.0.0.1/console/session/openid/back", Person = "zhao", Password = "Zhao-Secret-1";
    public const string ClientSecret = "client-secret";
    private const string Init = "/usr/share/doc/glewlwyd/database/init.sqlite3.sql.gz";
    private readonly string _folder = Directory.CreateTempSubdirectory("xyt-openid-").FullName;
    private readonly HttpClient _http, _quiet;
    private readonly string _root;
    private Child? _server;

    private Glewlwyd(int port)
    {
        _root = $"http://127.0.0.1:{port}/api";
        var cookies = new CookieContainer();
        _http = new HttpClient(new HttpClientHandler { CookieContainer = cookies });
        _quiet = new HttpClient(new HttpClientHandler { CookieContainer = cookies, AllowAutoRedirect = false });
    }

    public string Issuer => _root + "/oidc";

    public static async Task<Glewlwyd> Start()
    {
        Needs.That("openid");
        var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        var provider = new Glewlwyd(port);
        await provider.Run(port);
        return provider;
    }

    private async Task Run(int port)
    {
        var file = Path.Combine(_folder, "provider.db");
        await using (var database = new SqliteConnection($"Data Source={file};Pooling=false"))
        {
            await database.OpenAsync();
            await using var zipped = new GZipStream(File.OpenRead(Init), CompressionMode.Decompress);
            using var reader = new StreamReader(zipped);
            await using var command = database.CreateCommand();
            command.CommandText = await reader.ReadToEndAsync();
            await command.ExecuteNonQueryAsync();
        }
        var lib = "/usr/lib/glewlwyd";
        await File.WriteAllTextAsync(Path.Combine(_folder, "conf"), $$"""
            port={{port}}
            bind_address="127.0.0.1"
            external_url="http://127.0.0.1:{{port}}"
            login_url="login.html"
            api_prefix="api"
            log_mode="console"
            log_level="ERROR"
            cookie_domain="127.0.0.1"
            cookie_secure=0
            session_expiration=3600
            session_key="S"
            admin_scope="g_admin"
            profile_scope="g_profile"
            user_module_path="{{lib}}/user"
            user_middleware_module_path="{{lib}}/user_middleware"
            client_module_path="{{lib}}/client"
            user_auth_scheme_module_path="{{lib}}/scheme"
            plugin_module_path="{{lib}}/plugin"
            hash_algorithm="SHA512"
            database = { type = "sqlite3" path = "{{file}}" };

            """);
        _server = Child.Start(Path.Combine(_folder, "log"), "/usr/bin/glewlwyd", [$"--config-file={_folder}/conf"]);
        await Wait.Until("the provider listens", async () =>
        {
            try { using var answer = await _http.GetAsync(_root); return true; }
            catch (HttpRequestException) { return false; }
        });
        await Furnish();
    }

    private async Task Furnish()
    {
        using var rsa = RSA.Create(2048);
        await Post("/auth", new { username = "admin", password = "password" });
        await Post("/mod/plugin", new JsonObject
        {
            ["module"] = "oidc", ["name"] = "oidc", ["display_name"] = "oidc",
            ["parameters"] = JsonNode.Parse($$"""
                {"iss":"{{Issuer}}","jwt-type":"rsa","jwt-key-size":"256","access-token-duration":3600,"refresh-token-duration":3600,"code-duration":600,"refresh-token-rolling":true,"allow-non-oidc":true,
                 "auth-type-code-enabled":true,"auth-type-token-enabled":false,"auth-type-id-token-enabled":true,"auth-type-none-enabled":false,"auth-type-password-enabled":true,"auth-type-client-enabled":false,
                 "auth-type-refresh-enabled":false,"pkce-allowed":true,"pkce-method-plain-allowed":false,"scope":[],"additional-parameters":[],
                 "claims":[{"name":"preferred_username","user-property":"username","type":"string","mandatory":true,"on-demand":false,"scope":[]}],
                 "jwks-show":true,"subject-type":"public","address-claim":{"type":"no"},"name-claim":"mandatory","email-claim":"no","scope-claim":"no","request-parameter-allow":false,"encrypt-out-token-allow":false,
                 "key":"","cert":""}
                """),
        }, parameters =>
        {
            parameters["key"] = rsa.ExportPkcs8PrivateKeyPem();
            parameters["cert"] = rsa.ExportSubjectPublicKeyInfoPem();
        });
        await Post("/user?source=database", new { username = Person, name = "Zhao", password = Password, enabled = true, scope = new[] { "openid" } });
        await Post("/client?source=database", new
        {
            client_id = Client, name = Client, enabled = true, confidential = true, password = ClientSecret, client_secret = ClientSecret, scope = new[] { "openid" }, authorization_type = new[] { "code", "password", "id_token" },
            redirect_uri = new[] { Back }, token_endpoint_auth_method = new[] { "client_secret_basic" },
        });
        await Post("/auth", new { username = Person, password = Password });
        (await _http.PutAsJsonAsync($"{_root}/auth/grant/{Client}", new { scope = "openid" })).EnsureSuccessStatusCode();
    }

    private async Task Post(string path, JsonObject body, Action<JsonObject> fill)
    {
        fill(body["parameters"]!.AsObject());
        await Post(path, body);
    }

    private async Task Post(string path, object body) => (await _http.PostAsJsonAsync(_root + path, body)).EnsureSuccessStatusCode();

    /// <summary>What the provider gives to somebody who proves to be zhao: an ID token for this cloud, and an access token for the provider itself.</summary>
    public async Task<(string Id, string Access)> Tokens()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Issuer + "/token") { Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "password", ["username"] = Person, ["password"] = Password, ["scope"] = "openid" }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Client}:{ClientSecret}")));
        var answer = await _http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return ((string)body["id_token"]!, (string)body["access_token"]!);
    }

    /// <summary>What a browser in which zhao is signed in at the provider brings back when it is sent there.</summary>
    public async Task<(string Code, string State)> Visit(string url)
    {
        using var answer = await _quiet.GetAsync(url + "&g_continue");
        var back = answer.Headers.Location ?? throw new InvalidOperationException($"the provider sent nobody back: {(int)answer.StatusCode}");
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(back.Query);
        return query.TryGetValue("code", out var code) ? (code.ToString(), query["state"].ToString()) : throw new InvalidOperationException($"the provider gave no code: {back}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _quiet.Dispose();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
