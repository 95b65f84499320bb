using System.Net;
using System.Net.Sockets;
using Xiangyun.Testing;

namespace Xiangyun.Api.Identity;

public sealed class LdapOnSqlite() : Ldap("sqlite");
public sealed class LdapOnPostgres() : Ldap("postgres");

/// <summary>People of a domain whose directory is a real OpenLDAP.</summary>
public abstract class Ldap(string database) : CloudTests(database)
{
    private static async Task<(Child Server, int Port)> Start(string folder)
    {
        Needs.That("ldap");
        Directory.CreateDirectory(Path.Combine(folder, "db"));
        var config = Path.Combine(folder, "slapd.conf");
        await File.WriteAllTextAsync(config, $"""
            include /etc/ldap/schema/core.schema
            include /etc/ldap/schema/cosine.schema
            include /etc/ldap/schema/inetorgperson.schema
            modulepath /usr/lib/ldap
            moduleload back_mdb
            pidfile {folder}/pid
            database mdb
            maxsize 4194304
            suffix "dc=city"
            rootdn "cn=reader,dc=city"
            rootpw reader-secret
            directory {folder}/db
            access to attrs=userPassword by anonymous auth by * none
            access to * by dn="cn=reader,dc=city" read by self read by * none

            """);
        var people = new[] { ("wang", "Wang-Secret-1"), ("li", "Li-Secret-2"), ("a(b)*", "Odd-Secret-3") };
        var ldif = "dn: dc=city\nobjectClass: dcObject\nobjectClass: organization\ndc: city\no: city\n\ndn: ou=people,dc=city\nobjectClass: organizationalUnit\nou: people\n\n"
            + string.Concat(people.Select((p, i) => $"dn: uid=u{i},ou=people,dc=city\nobjectClass: inetOrgPerson\nuid: u{i}\ncn: {p.Item1}\nsn: {p.Item1}\nmail: {i}@city.example\nuserPassword: {p.Item2}\n\n"));
        await File.WriteAllTextAsync(Path.Combine(folder, "people.ldif"), ldif);
        await Child.Run("/usr/sbin/slapadd", "-f", config, "-l", Path.Combine(folder, "people.ldif"));
        var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        var server = Child.Start(Path.Combine(folder, "slapd.log"), "/usr/sbin/slapd", ["-f", config, "-h", $"ldap://127.0.0.1:{port}", "-d", "0"]);
        await Wait.Until("slapd listens", async () =>
        {
            using var client = new TcpClient();
            try { await client.ConnectAsync(IPAddress.Loopback, port); return true; }
            catch (SocketException) { return false; }
        });
        return (server, port);
    }

    private Task<Reply> Enter(string name, string password, string domain, object? scope = null) => Cloud.Nobody.Post("/identity/v3/auth/tokens", new
    {
        auth = new { identity = new { methods = new[] { "password" }, password = new { user = new { name, password, domain = new { id = domain } } } }, scope = scope ?? "unscoped" },
    });

    [Fact]
    public async Task the_people_of_a_directory_sign_in_with_its_passwords_and_get_an_account_here()
    {
        var folder = Directory.CreateTempSubdirectory("xyt-ldap-").FullName;
        var (server, port) = await Start(folder);
        try
        {
            await SignIns(port);
        }
        finally
        {
            await server.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task SignIns(int port)
    {
        var (domain, bureau) = await Cloud.NewDomain();
        var project = await bureau.Make("project", new { name = Cloud.Name("p"), domain_id = domain });
        object Config(string url, string password = "reader-secret") => new
        {
            config = new { identity = new { driver = "ldap" }, ldap = new { url, user = "cn=reader,dc=city", password, user_tree_dn = "ou=people,dc=city", user_id_attribute = "uid", user_name_attribute = "cn" } },
        };
        var config = $"/identity/v3/domains/{domain}/config";
        (await Cloud.Admin.Put(config, Config("ldap://directory.example"))).Is(201);
        Assert.Contains("without encryption", (await Enter("wang", "Wang-Secret-1", domain)).Is(503).Text);
        (await Cloud.Admin.Put(config, Config("http://127.0.0.1"))).Is(200);
        (await Enter("wang", "Wang-Secret-1", domain)).Is(503);
        Assert.DoesNotContain("reader-secret", (await Cloud.Admin.Put(config, Config($"ldap://127.0.0.1:{port}"))).Is(200).Text);

        var entered = (await Enter("wang", "Wang-Secret-1", domain)).Is(201);
        var user = (string)entered["token"]["user"]!["id"]!;
        Assert.Equal(user, (string)(await Enter("wang", "Wang-Secret-1", domain)).Is(201)["token"]["user"]!["id"]!);
        Assert.Equal("0@city.example", (string)(await bureau.Get($"/identity/v3/users/{user}")).Is(200)["user"]["email"]!);
        (await Enter("wang", "Wang-Secret-1", domain, new { project = new { id = project } })).Is(401);
        (await bureau.Put($"/identity/v3/projects/{project}/users/{user}/roles/{await Cloud.Role("member")}")).Is(204);
        (await Enter("wang", "Wang-Secret-1", domain, new { project = new { id = project } })).Is(201);

        foreach (var (name, password) in new[] { ("wang", "Li-Secret-2"), ("wang", ""), ("*", "Wang-Secret-1"), ("nobody", "x"), ("wang)(cn=*", "Wang-Secret-1"), ("reader", "reader-secret") })
            Assert.Equal((name, password, 401), (name, password, (await Enter(name, password, domain)).Status));
        (await Enter("a(b)*", "Odd-Secret-3", domain)).Is(201);
        (await Enter("wang", "Wang-Secret-1", "default")).Is(401);

        // made before, without a password, and granted something: it is theirs
        var li = await bureau.Make("user", new { name = "li", domain_id = domain });
        Assert.Equal(li, (string)(await Enter("li", "Li-Secret-2", domain)).Is(201)["token"]["user"]!["id"]!);
        // with a password here: the directory is not asked
        await bureau.Make("user", new { name = "local", domain_id = domain, password = "a-password-of-tests" });
        (await Enter("local", "a-password-of-tests", domain)).Is(201);

        (await Cloud.Admin.Put(config, Config($"ldap://127.0.0.1:{port}", "wrong"))).Is(200);
        Assert.Contains("ldap options", (await Enter("wang", "Wang-Secret-1", domain)).Is(503).Text);
        (await Enter("local", "a-password-of-tests", domain)).Is(201);
    }
}
