using System.Text.Json.Nodes;
using Xiangyun.Testing;

namespace Xiangyun.Api.Identity;

public sealed class PasskeysOnSqlite() : Passkeys("sqlite");
public sealed class PasskeysOnPostgres() : Passkeys("postgres");

/// <summary>Passkeys: made by their owner, good for signing in without a password, at the console where they were made and once for each challenge.</summary>
public abstract class Passkeys(string database) : CloudTests(database)
{
    private const string Home = "https://cloud.example", New = "/xiangyun/v1/me/passkeys";

    private async Task<JsonNode> Asked(Client who, string origin = Home) => (await who.Get($"{New}/new?origin={origin}")).Is(200)["challenge"];

    private static Task<Reply> Register(Client who, JsonNode challenge, JsonObject credential, string name = "phone") => who.Post(New, new { passkey = new { name, state = (string)challenge["state"]!, credential } });

    private async Task<JsonNode> Question(string origin = Home) => (await Cloud.Nobody.Get($"/xiangyun/v1/passkeys/sign-in?origin={origin}")).Is(200)["challenge"];

    private Task<Reply> Enter(JsonNode challenge, JsonObject credential, object? scope = null) => Cloud.Nobody.Post("/identity/v3/auth/tokens", new
    {
        auth = new { identity = new { methods = new[] { "passkey" }, passkey = new { state = (string)challenge["state"]!, credential } }, scope = scope ?? "unscoped" },
    });

    private async Task<(Client Who, Authenticator Phone)> Enrolled()
    {
        var who = await Cloud.NewProject();
        var phone = new Authenticator(Home);
        var challenge = await Asked(who);
        (await Register(who, challenge, phone.Create(challenge["options"]!))).Is(201);
        return (who, phone);
    }

    [Fact, Proves("GET /xiangyun/v1/me/passkeys/new"), Proves("POST /xiangyun/v1/me/passkeys"), Proves("GET /xiangyun/v1/passkeys/sign-in"), Proves("GET /xiangyun/v1/users/{id}/passkeys"), Proves("DELETE /xiangyun/v1/users/{id}/passkeys/{passkey_id}")]
    public async Task a_passkey_signs_its_owner_in_without_a_password_until_it_is_deleted()
    {
        var (who, phone) = await Enrolled();
        var list = $"/xiangyun/v1/users/{who.UserId}/passkeys";
        var kept = (await who.Get(list)).Is(200)["passkeys"].AsArray().Single()!;
        Assert.Equal(("phone", Home), ((string)kept["name"]!, (string)kept["origin"]!));
        var question = await Question();
        var entered = (await Enter(question, phone.Get(question["options"]!, who.UserId), new { project = new { id = who.ProjectId } })).Is(201);
        Assert.Equal("passkey", (string)entered["token"]["methods"]!.AsArray().Single()!);
        (await new Client(Cloud.Http, entered.Header("X-Subject-Token")).Get("/compute/v2.1/servers")).Is(200);
        Assert.NotNull((string?)(await who.Get(list)).Is(200)["passkeys"][0]!["used_at"]);

        var stranger = await Cloud.NewProject();
        (await stranger.Get(list)).Is(404);
        (await stranger.Delete($"{list}/{kept["id"]}")).Is(404);
        (await who.Delete($"{list}/{kept["id"]}")).Is(204);
        (await who.Delete($"{list}/{kept["id"]}")).Is(404);
        question = await Question();
        (await Enter(question, phone.Get(question["options"]!, who.UserId))).Is(401);
    }

    [Fact]
    public async Task a_challenge_is_good_once_and_only_for_what_it_was_made_for()
    {
        var (who, phone) = await Enrolled();
        var (early, question) = (await Question(), await Question());
        var answer = phone.Get(question["options"]!, who.UserId);
        (await Enter(question, answer.DeepClone().AsObject())).Is(201);
        (await Enter(question, answer)).Is(401);
        (await Enter(early, phone.Get(early["options"]!, who.UserId))).Is(401);
        var (one, other) = (await Question(), await Question());
        (await Enter(other, phone.Get(one["options"]!, who.UserId))).Is(401);
        var making = await Asked(who);
        (await Enter(making, phone.Get(one["options"]!, who.UserId))).Is(401);
        var stranger = await Cloud.NewProject();
        using var theirs = new Authenticator(Home);
        (await Register(stranger, making, theirs.Create(making["options"]!))).Is(400);
        (await Register(who, one, theirs.Create(making["options"]!))).Is(400);
        Assert.Contains("already registered", (await Register(who, making, phone.Create(making["options"]!))).Is(400).Text);
    }

    [Fact]
    public async Task nothing_that_was_forged_is_taken()
    {
        var (who, phone) = await Enrolled();
        async Task Refused(Action<Authenticator> bent, Action<JsonObject>? spoiled = null, string? userId = null)
        {
            var question = await Question();
            bent(phone);
            var answer = phone.Get(question["options"]!, userId ?? who.UserId);
            (phone.Origin, phone.Unlocked) = (Home, true);
            spoiled?.Invoke(answer["response"]!.AsObject());
            (await Enter(question, answer)).Is(401);
        }
        await Refused(p => p.Origin = "https://cloud.example.evil.example");
        await Refused(p => p.Unlocked = false);
        await Refused(p => p.Uses = 0);
        await Refused(_ => { }, r => r["signature"] = "AAAA");
        await Refused(_ => { }, r => r.Remove("authenticatorData"));
        await Refused(_ => { }, userId: (await Cloud.NewProject()).UserId);
        var elsewhere = await Question("https://other.example");
        (await Enter(elsewhere, phone.Get(elsewhere["options"]!, who.UserId))).Is(401);
        using var locked = new Authenticator(Home) { Unlocked = false };
        var challenge = await Asked(who);
        Assert.Contains("not accepted", (await Register(who, challenge, locked.Create(challenge["options"]!))).Is(400).Text);
        foreach (var origin in new[] { "", "https://10.0.0.1", "http://cloud.example", "https://cloud.example/path", "ftp://x" }) (await who.Get($"{New}/new?origin={origin}")).Is(400);
    }

    [Fact]
    public async Task a_passkey_is_the_second_factor_that_a_domain_demands()
    {
        var (domain, bureau) = await Cloud.NewDomain();
        const string password = "a-password-of-tests";
        var user = await bureau.Make("user", new { name = Cloud.Name("clerk"), domain_id = domain, password });
        (await bureau.Put($"/identity/v3/domains/{domain}/users/{user}/roles/{await Cloud.Role("reader")}")).Is(204);
        var scope = new { domain = new { id = domain } };
        using var phone = new Authenticator(Home);
        (await Cloud.Security.Put($"/xiangyun/v1/organisations/{domain}/sign-in-policy", new { sign_in_policy = new { second_factor = true } })).Is(200);
        var bare = new Client(Cloud.Http, (await Cloud.SignIn(user, password)).Is(201).Header("X-Subject-Token"));
        var challenge = await Asked(bare);
        (await Register(bare, challenge, phone.Create(challenge["options"]!))).Is(201);
        Assert.Contains("passkey", (await Cloud.SignIn(user, password)).Is(401)["required_auth_methods"].ToJsonString());
        var question = await Question();
        (await Enter(question, phone.Get(question["options"]!, user), scope)).Is(201);
        Assert.Equal(1, (int)(await Cloud.Security.Get($"/xiangyun/v1/organisations/{domain}/sign-in-policy")).Is(200)["sign_in_policy"]["users_with_second_factor"]!);
    }
}
