using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Xiangyun.Identity.Tokens;
using Xiangyun.Kernel;
using Xiangyun.Testing;

namespace Xiangyun.Api.Identity;

public sealed class AccountsOnSqlite() : Accounts("sqlite");
public sealed class AccountsOnPostgres() : Accounts("postgres");

/// <summary>What protects a user: several factors, a lock after wrong tries, rules for passwords.</summary>
public abstract class Accounts(string database) : CloudTests(database)
{
    private const string Secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    private static string Code() => Totp.Code(Totp.Secret(Secret)!, Totp.Step(TimeProvider.System.Ms()));

    private Task<Reply> ByCode(Client by, string userId, string code, params string[] methods)
    {
        var identity = new JsonObject { ["methods"] = new JsonArray([.. methods.Select(m => JsonValue.Create(m))]), ["totp"] = new JsonObject { ["user"] = new JsonObject { ["id"] = userId, ["passcode"] = code } } };
        if (methods.Contains("password")) identity["password"] = new JsonObject { ["user"] = new JsonObject { ["id"] = userId, ["password"] = "a-password-of-tests" } };
        return by.Post("/identity/v3/auth/tokens", new JsonObject { ["auth"] = new JsonObject { ["identity"] = identity } });
    }

    [Fact]
    public async Task a_user_with_two_factors_gets_a_receipt_for_the_first_and_a_token_for_both()
    {
        var member = await Cloud.NewProject();
        (await member.Post("/identity/v3/credentials", new { credential = new { type = "totp", blob = Secret } })).Is(201);
        object Options(bool on) => new { user = new { options = new { multi_factor_auth_enabled = on, multi_factor_auth_rules = new[] { new[] { "password", "totp" } } } } };
        (await Cloud.Admin.Patch($"/identity/v3/users/{member.UserId}", Options(true))).Is(200);
        var asked = (await Cloud.SignIn(member.UserId, member.Password)).Is(401);
        Assert.Equal("totp", (string?)asked["required_auth_methods"][0]![1]);
        var receipt = asked.Header("Openstack-Auth-Receipt")!;
        var carrying = Cloud.Nobody.With("Openstack-Auth-Receipt", receipt);
        (await ByCode(carrying, member.UserId, "000000", "totp")).Is(401);
        var token = (await ByCode(carrying, member.UserId, Code(), "totp")).Is(201);
        Assert.Equal(["password", "totp"], token["token"]["methods"]!.AsArray().Select(m => (string)m!).Order());
        // The same code is good for nothing a second time.
        (await ByCode(Cloud.Nobody, member.UserId, Code(), "password", "totp")).Is(401);
        (await Cloud.Admin.Patch($"/identity/v3/users/{member.UserId}", Options(false))).Is(200);
        (await Cloud.SignIn(member.UserId, member.Password)).Is(201);
        (await Cloud.Admin.Patch($"/identity/v3/users/{member.UserId}", new { user = new { options = new { multi_factor_auth_rules = new[] { new[] { "magic" } } } } })).Is(400);
    }

    [Fact]
    public async Task a_receipt_of_another_user_helps_nobody()
    {
        var (mine, other) = (await Cloud.NewProject(), await Cloud.NewProject());
        (await Cloud.Admin.Patch($"/identity/v3/users/{other.UserId}", new { user = new { options = new { multi_factor_auth_enabled = true, multi_factor_auth_rules = new[] { new[] { "password", "totp" } } } } })).Is(200);
        var receipt = (await Cloud.SignIn(other.UserId, other.Password)).Is(401).Header("Openstack-Auth-Receipt")!;
        (await mine.Post("/identity/v3/credentials", new { credential = new { type = "totp", blob = Secret } })).Is(201);
        (await ByCode(Cloud.Nobody.With("Openstack-Auth-Receipt", receipt), mine.UserId, Code(), "totp")).Is(401);
        (await ByCode(Cloud.Nobody.With("Openstack-Auth-Receipt", "forged"), mine.UserId, Code(), "totp")).Is(401);
    }

    [Fact]
    public async Task many_wrong_passwords_lock_a_user_and_an_option_frees_it()
    {
        var member = await Cloud.NewProject();
        for (var n = 0; n < 10; n++) (await Cloud.SignIn(member.UserId, "wrong")).Is(401);
        (await Cloud.SignIn(member.UserId, member.Password)).Is(401);
        (await member.Get("/identity/v3/auth/projects")).Is(200); // whoever is in stays in
        (await Cloud.Admin.Patch($"/identity/v3/users/{member.UserId}", new { user = new { options = new { ignore_lockout_failure_attempts = true } } })).Is(200);
        (await Cloud.SignIn(member.UserId, member.Password)).Is(201);
    }

    [Fact]
    public async Task who_guesses_from_elsewhere_locks_himself_out_and_not_the_owner()
    {
        var owner = await Cloud.NewProject();
        using var far = new HttpClient(new SocketsHttpHandler { ConnectCallback = From(IPAddress.Parse("127.0.0.2")) }) { BaseAddress = new Uri(Cloud.Url) };
        Task<Reply> Guess(string password) => new Client(far, null).Post("/identity/v3/auth/tokens", new { auth = new { identity = new { methods = new[] { "password" }, password = new { user = new { id = owner.UserId, password } } }, scope = "unscoped" } });
        for (var n = 0; n < 12; n++) (await Guess("wrong")).Is(401);
        (await Guess(owner.Password)).Is(401); // locked there, whatever the password
        (await Cloud.SignIn(owner.UserId, owner.Password)).Is(201);
        for (var n = 0; n < 10; n++) (await Cloud.SignIn(owner.UserId, "wrong")).Is(401);
        (await Cloud.SignIn(owner.UserId, owner.Password)).Is(401); // who guesses at the owner's own place does lock it
    }

    private static Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> From(IPAddress address) => async (context, ct) =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, 0));
        await socket.ConnectAsync(context.DnsEndPoint, ct);
        return new NetworkStream(socket, ownsSocket: true);
    };

    [Fact, Proves("POST /identity/v3/users/{id}/password")]
    public async Task an_old_password_is_not_chosen_again_and_a_locked_one_not_at_all()
    {
        var member = await Cloud.NewProject();
        Task<Reply> Change(string before, string after) => Cloud.Nobody.Post($"/identity/v3/users/{member.UserId}/password", new { user = new { original_password = before, password = after } });
        (await Change(member.Password, "the-second-of-them")).Is(204);
        (await Change("the-second-of-them", "the-second-of-them")).Is(400);
        (await Change("the-second-of-them", member.Password)).Is(400);
        (await Change("the-second-of-them", "the-third-of-them")).Is(204);
        (await Change("the-third-of-them", member.Password)).Is(204);
        (await member.Get("/identity/v3/auth/projects")).Is(401);
        (await Cloud.SignIn(member.UserId, "the-third-of-them")).Is(401);
        (await Cloud.Admin.Patch($"/identity/v3/users/{member.UserId}", new { user = new { options = new { lock_password = true } } })).Is(200);
        (await Change(member.Password, "one-more-password")).Is(400);
    }

    [Fact]
    public async Task a_right_password_is_remembered_and_a_changed_one_forgotten_at_once()
    {
        var member = await Cloud.NewProject();
        for (var n = 0; n < 3; n++) (await Cloud.SignIn(member.UserId, member.Password)).Is(201);
        (await Cloud.Admin.Patch($"/identity/v3/users/{member.UserId}", new { user = new { password = "set-by-the-administrator" } })).Is(200);
        (await Cloud.SignIn(member.UserId, member.Password)).Is(401);
        (await Cloud.SignIn(member.UserId, "set-by-the-administrator")).Is(201);
    }
}
