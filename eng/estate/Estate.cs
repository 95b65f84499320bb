// Fills an empty simulated cloud with thirty bureaus, through the public APIs and nothing else: what `./xiangyun try` shows.
// Run once for each build; the launcher keeps what comes out and starts from a copy.
#:project ../../src/Kernel/Kernel.csproj
#:project ../../src/Client/Client.csproj
#:property TreatWarningsAsErrors=false
#:property PublishAot=false
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xiangyun.Client;
using Xiangyun.Client.Records;

if (args is not [var url, var password, var hostCount, var cloudCount, var serverCount])
{
    Console.Error.WriteLine("usage: dotnet run eng/estate/Estate.cs -- URL PASSWORD OLD_HOSTS CLOUD_HOSTS SERVERS");
    return 2;
}
var watch = Stopwatch.StartNew();
var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 32, UseCookies = false }) { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(120) };
var door = new Door(http);
var admin = new Api(http, await door.SignIn("Default", "admin", password, null));
void Say(string what) => Console.Error.WriteLine($"{watch.Elapsed.TotalSeconds,6:0.0} s    {what}");

(string Name, string Short, double Full)[] bureaus =
[
    ("市政府办公室", "zfb", .35), ("市发展和改革委员会", "fgw", .5), ("市教育局", "jyj", .9), ("市科学技术局", "kjj", .4), ("市工业和信息化局", "gxj", .75), ("市公安局", "gaj", .95),
    ("市民政局", "mzj", .5), ("市司法局", "sfj", .4), ("市财政局", "czj", .8), ("市人力资源和社会保障局", "rsj", .9), ("市自然资源和规划局", "zgj", .7), ("市生态环境局", "hbj", .55),
    ("市住房和城乡建设局", "zjj", .65), ("市交通运输局", "jtj", .7), ("市水利局", "slj", .45), ("市农业农村局", "nyj", .4), ("市商务局", "swj", .35), ("市文化和旅游局", "wlj", .5),
    ("市卫生健康委员会", "wjw", .92), ("市退役军人事务局", "tyj", .3), ("市应急管理局", "yjj", .6), ("市审计局", "sjj", .35), ("市市场监督管理局", "scj", .7), ("市统计局", "tjj", .4),
    ("市医疗保障局", "ybj", .85), ("市城市管理局", "cgj", .6), ("市行政审批服务局", "spj", .8), ("市信访局", "xfj", .3), ("市档案馆", "dag", .5), ("市大数据中心", "dsj", .75),
];
(string Name, string Key)[] systems = [("门户网站", "web"), ("业务系统", "biz"), ("内部办公", "oa")];
(string Name, int Vcpus, int Ram, int Disk)[] sizes = [("s1.small", 1, 2048, 20), ("s1.medium", 2, 4096, 40), ("s1.large", 4, 8192, 60), ("s1.memory", 4, 16384, 100)];

foreach (var (name, vcpus, ram, disk) in sizes) await admin.Do(HttpMethod.Post, "compute", "/flavors", new { flavor = new { name, vcpus, ram, disk } });
var flavors = (await admin.All<Flavor>("compute", "/flavors/detail", "flavors", f => f.Id)).ToDictionary(f => f.Name, f => f.Id);
var images = new List<string>();
foreach (var name in new[] { "openEuler-24.03-LTS", "Kylin-V10-SP3", "Debian-12", "UOS-Server-20" }) images.Add(await NewImage(name));
var exit = await admin.Post<Network>("network", "/networks", new Dictionary<string, object> { ["network"] = new Dictionary<string, object> { ["name"] = "互联网统一出口", ["router:external"] = true, ["provider:network_type"] = "flat", ["provider:physical_network"] = "physnet1" } }, "network");
await admin.Do(HttpMethod.Post, "network", "/subnets", new { subnet = new { name = "exit", network_id = exit.Id, ip_version = 4, cidr = "198.18.0.0/22", gateway_ip = "198.18.0.1", enable_dhcp = false } });
// The exit is one line: what an address may carry of it, everybody chooses from these.
var widths = new Dictionary<int, string>();
foreach (var mbits in new[] { 5, 10, 50 })
{
    widths[mbits] = (string)(await admin.Post<JsonObject>("network", "/qos/policies", new { policy = new { name = $"出口 {mbits}M", shared = true } }, "policy"))["id"]!;
    foreach (var direction in new[] { "egress", "ingress" }) await admin.Do(HttpMethod.Post, "network", $"/qos/policies/{widths[mbits]}/bandwidth_limit_rules", new { bandwidth_limit_rule = new { max_kbps = mbits * 1000, direction } });
}
var roles = (await admin.Get<List<Role>>("identity", "/roles", "roles")).ToDictionary(r => r.Name, r => r.Id);

// One host more than there will be: it has nothing on it, and is down when the estate is looked at.
var spare = (await admin.All<Host>("xiangyun", "/hosts", "hosts", h => h.Id)).Single(h => h.Name == $"sim-{int.Parse(hostCount) + 1:000}");
await admin.Do(HttpMethod.Patch, "xiangyun", $"/hosts/{spare.Id}", new { host = new { enabled = false, disabled_reason = "not yet in use" } });

// Each bureau's old data centre is a zone with hosts of its own.
var perZone = int.Parse(hostCount) / bureaus.Length;
Say("thirty old data centres");
await Each(bureaus.Select((b, i) => (b, i)), async x =>
{
    var zone = await admin.Post<JsonObject>("compute", "/os-aggregates", new { aggregate = new { name = $"dc-{x.b.Short}", availability_zone = $"dc-{x.b.Short}" } }, "aggregate");
    for (var n = 1; n <= perZone; n++) await admin.Do(HttpMethod.Post, "compute", $"/os-aggregates/{zone["id"]}/action", new { add_host = new { host = $"sim-{x.i * perZone + n:000}" } });
});

// The cloud that they are to become: hosts that wait, closed for new servers once they hold the volumes, and admit six vCPUs for each processor instead of four.
Say("the hosts of the cloud to come");
var oldHosts = perZone * bureaus.Length;
var one = await admin.Post<JsonObject>("compute", "/os-aggregates", new { aggregate = new { name = "gov-cloud", availability_zone = "gov-cloud" } }, "aggregate");
var hosts = await admin.All<Host>("xiangyun", "/hosts", "hosts", h => h.Id);
var waiting = Enumerable.Range(oldHosts + 1, int.Parse(cloudCount)).Select(n => hosts.Single(h => h.Name == $"sim-{n:000}")).ToList();
await Each(waiting, async host =>
{
    await admin.Do(HttpMethod.Post, "compute", $"/os-aggregates/{one["id"]}/action", new { add_host = new { host = host.Name } });
    var inventory = await admin.Get<JsonObject>("placement", $"/resource_providers/{host.Id}/inventories/VCPU");
    inventory["allocation_ratio"] = 6.0;
    await admin.Do(HttpMethod.Put, "placement", $"/resource_providers/{host.Id}/inventories/VCPU", inventory);
});

Say("organisations, people, quotas");
var domains = new Dictionary<string, string>();
var operators = new Dictionary<string, string>();
var projects = new List<(string Bureau, string Id, string Key, int Number)>();
await Each(bureaus.Select((b, i) => (b, i)), async x =>
{
    var b = x.b;
    var domain = await admin.Post<Domain>("identity", "/domains", new { domain = new { name = b.Name, description = "模拟组织 · simulated" } }, "domain");
    await Grant(domain.Id, (1.0, 640, 1310720, 120, 5000, 80, 20));
    async Task<string> Person(string suffix, string what)
    {
        var made = await admin.Post<User>("identity", "/users", new { user = new { name = $"{b.Short}-{suffix}", domain_id = domain.Id, password, email = $"{suffix}@{b.Short}.example", description = what } }, "user");
        return made.Id;
    }
    var manager = await Person("admin", "委办局管理员");
    var worker = await Person("op", "业务系统运维");
    var reader = await Person("view", "只读");
    await admin.Do(HttpMethod.Put, "identity", $"/domains/{domain.Id}/users/{manager}/roles/{roles["manager"]}");
    foreach (var (s, n) in systems.Select((s, n) => (s, n)))
    {
        var project = await admin.Post<Project>("identity", "/projects", new { project = new { name = s.Name, domain_id = domain.Id, description = $"{b.Name}{s.Name}" } }, "project");
        await Grant(project.Id, (1, 180, 368640, 34, 1200, 20, 4));
        foreach (var who in new[] { manager, worker }) await admin.Do(HttpMethod.Put, "identity", $"/projects/{project.Id}/users/{who}/roles/{roles[who == manager ? "manager" : "member"]}");
        await admin.Do(HttpMethod.Put, "identity", $"/projects/{project.Id}/users/{reader}/roles/{roles["reader"]}");
        lock (projects) projects.Add((b.Short, project.Id, s.Key, x.i * 3 + n));
    }
    lock (domains) (domains[b.Short], operators[b.Short]) = (domain.Id, b.Name);
});

Say("networks and routers");
var places = new Dictionary<string, (Api Api, string Network)>();
var sessions = new Dictionary<string, Session>();
await Each(bureaus, async b =>
{
    var session = await door.SignIn(b.Name, $"{b.Short}-op", password, null);
    lock (sessions) sessions[b.Short] = session;
});
await Each(projects, async p =>
{
    var api = new Api(http, await door.Change(sessions[p.Bureau].Token, new Scope("project", p.Id, p.Id)));
    var network = await api.Post<Network>("network", "/networks", new { network = new { name = $"{p.Bureau}-{p.Key}-net" } }, "network");
    var subnet = await api.Post<Subnet>("network", "/subnets", new { subnet = new { name = $"{p.Bureau}-{p.Key}", network_id = network.Id, ip_version = 4, cidr = $"10.{p.Number}.0.0/24" } }, "subnet");
    var group = await api.Post<SecurityGroup>("network", "/security-groups", new { security_group = new { name = "web", description = "HTTP, HTTPS" } }, "security_group");
    foreach (var port in new[] { 80, 443 }) await api.Do(HttpMethod.Post, "network", "/security-group-rules", new { security_group_rule = new { security_group_id = group.Id, direction = "ingress", protocol = "tcp", ethertype = "IPv4", port_range_min = port, port_range_max = port, remote_ip_prefix = "0.0.0.0/0" } });
    await api.Do(HttpMethod.Post, "network", "/security-group-rules", new { security_group_rule = new { security_group_id = group.Id, direction = "ingress", protocol = "tcp", ethertype = "IPv4", port_range_min = 22, port_range_max = 22, remote_ip_prefix = "10.0.0.0/8" } });
    var router = await api.Post<Router>("network", "/routers", new { router = new { name = $"{p.Bureau}-{p.Key}-router", external_gateway_info = p.Key == "web" ? new { network_id = exit.Id } : null } }, "router");
    await api.Do(HttpMethod.Put, "network", $"/routers/{router.Id}/add_router_interface", new { subnet_id = subnet.Id });
    lock (places) places[p.Id] = (api, network.Id);
});

Say($"{serverCount} servers");
var total = int.Parse(serverCount);
var shares = projects.ToDictionary(p => p.Id, p => bureaus.Single(b => b.Short == p.Bureau).Full * (p.Key == "biz" ? 1.4 : p.Key == "web" ? .9 : .7));
var sum = shares.Values.Sum();
var wishes = projects.OrderBy(p => p.Number).SelectMany(p => Enumerable.Range(1, Math.Clamp((int)Math.Round(total * shares[p.Id] / sum), 2, 32)).Select(n => (p, n))).ToList();
string[] duties = ["app", "db", "nginx", "cache", "file", "job"];
await Each(wishes, async w =>
{
    var (api, network) = places[w.p.Id];
    var size = sizes[(w.p.Number * 7 + w.n * 3) % 10 switch { < 2 => 0, < 5 => 1, < 9 => 2, _ => 3 }];
    await api.Do(HttpMethod.Post, "compute", "/servers", new { server = new Dictionary<string, object> { ["name"] = $"{w.p.Bureau}-{w.p.Key}-{duties[w.n % duties.Length]}{w.n:00}", ["flavorRef"] = flavors[size.Name], ["imageRef"] = images[(w.p.Number + w.n / 5) % images.Count], ["networks"] = new[] { new { uuid = network } }, ["availability_zone"] = $"dc-{w.p.Bureau}", ["security_groups"] = new[] { new { name = w.n % 3 == 2 ? "web" : "default" } } } });
});
while (true)
{
    var pending = (await admin.All<Server>("compute", "/servers/detail?all_tenants=1", "servers", s => s.Id)).Count(s => s.Busy);
    if (pending == 0) break;
    await Task.Delay(300);
}

Say("volumes, addresses, sites, loans, some servers stopped");
await Each(projects, async p =>
{
    var api = places[p.Id].Api;
    var servers = await api.All<Server>("compute", "/servers/detail", "servers", s => s.Id);
    // not attached: a volume of another simulated host comes back up to two minutes after its server when the agent starts anew
    await api.Do(HttpMethod.Post, "block-storage", "/volumes", new { volume = new { name = $"{p.Bureau}-{p.Key}-data", size = 50 + p.Number, availability_zone = "gov-cloud" } });
    await api.Do(HttpMethod.Post, "block-storage", "/volumes", new { volume = new { name = $"{p.Bureau}-{p.Key}-archive", size = 100, availability_zone = "gov-cloud" } });
    if (p.Number % 9 == 0 && servers.Count > 1) await api.Do(HttpMethod.Post, "compute", $"/servers/{servers[^1].Id}/action", new Dictionary<string, object?> { ["os-stop"] = null });
    if (p.Key != "web") return;
    var port = (await api.List<Port>("network", $"/ports?device_id={servers[0].Id}", "ports")).Rows[0];
    await api.Do(HttpMethod.Post, "network", "/floatingips", new { floatingip = new { floating_network_id = exit.Id, port_id = port.Id, qos_policy_id = widths[p.Number % 2 == 0 ? 10 : 5] } });
    await api.Do(HttpMethod.Post, "xiangyun", "/sites", new { site = new
    {
        name = operators[p.Bureau] + "门户网站", host_names = new[] { $"www.{p.Bureau}.city.example" }, description = "模拟站点 · simulated", contacts = new[] { new { name = $"{p.Bureau}-op", email = $"op@{p.Bureau}.example" } },
        members = servers.Take(3).Select(s => new { kind = "server", id = s.Id }),
    } });
});
await Each(waiting, host => admin.Do(HttpMethod.Patch, "xiangyun", $"/hosts/{host.Id}", new { host = new { enabled = false, disabled_reason = "等待整合 · waits for the integration" } }));
(string From, string To, long Amount, string Why, bool Agreed)[] loans =
[
    ("xfj", "jyj", 40, "高考志愿填报高峰期扩容", true), ("tyj", "wjw", 30, "年度体检系统上线", true), ("sjj", "gaj", 60, "重大活动安保视频分析", false), ("zfb", "rsj", 24, "社保年审", false), ("swj", "ybj", 32, "医保结算切换", false),
];
foreach (var (from, to, amount, why, agreed) in loans)
{
    var until = TimeProvider.System.GetUtcNow().AddDays(from == "tyj" ? 5 : 45).ToString("yyyy-MM-ddTHH:mm:ssZ");
    var borrower = new Api(http, await door.Change((await door.SignIn(operators[to], $"{to}-admin", password, null)).Token, new Scope("domain", domains[to], to)));
    var loan = await borrower.Post<Loan>("xiangyun", "/quota-loans", new { loan = new { resource = "compute.cores", amount, lender_id = domains[from], borrower_id = domains[to], expires_at = until, reason = why } }, "loan");
    if (!agreed) continue;
    var lender = new Api(http, await door.Change((await door.SignIn(operators[from], $"{from}-admin", password, null)).Token, new Scope("domain", domains[from], from)));
    await lender.Do(HttpMethod.Post, "xiangyun", $"/quota-loans/{loan.Id}/accept");
}

Say("approvals that wait");
(string Bureau, string Kind, string Why, Func<string, object> Wish)[] asked =
[
    ("jyj", "floating_ip", "中考查分网站对外开放", _ => new { floatingip = new { floating_network_id = exit.Id, qos_policy_id = widths[5] } }),
    ("jyj", "quota", "招生季需要更多核数", id => new { organisation_id = id, quotas = new Dictionary<string, int> { ["compute.cores"] = 240 } }),
    ("ybj", "floating_ip", "异地就医备案小程序接入", _ => new { floatingip = new { floating_network_id = exit.Id, qos_policy_id = widths[5] } }),
    ("czj", "volume", "预算一体化系统归档", _ => new { volume = new { name = "czj-web-budget", size = 600 } }),
    ("hbj", "floating_ip", "空气质量实时发布", _ => new { floatingip = new { floating_network_id = exit.Id, qos_policy_id = widths[5] } }),
];
await Each(asked.Select(a => a.Bureau).Distinct(), async bureau =>
{
    var manager = new Api(http, await door.Change((await door.SignIn(operators[bureau], $"{bureau}-admin", password, null)).Token, new Scope("domain", domains[bureau], bureau)));
    await manager.Do(HttpMethod.Put, "xiangyun", $"/organisations/{domains[bureau]}/approval-rules", new { rules = new
    {
        steps = new[] { new { role = "manager", at = "domain", due_hours = 24, escalate = true } },
        demands = new[] { new { resource = "network.floatingip", over = 0 }, new { resource = "volume.gigabytes", over = 500 }, new { resource = "compute.cores", over = 16 } },
    } });
    foreach (var one in asked.Where(a => a.Bureau == bureau))
    {
        var project = projects.Single(p => p.Bureau == bureau && p.Key == "web").Id;
        await places[project].Api.Do(HttpMethod.Post, "xiangyun", "/requests", new { request = new { kind = one.Kind, reason = one.Why, wish = one.Wish(project) } });
    }
});
Say("some things that are wrong");
await admin.Do(HttpMethod.Patch, "xiangyun", $"/hosts/{spare.Id}", new { host = new { enabled = true } });
await admin.Do(HttpMethod.Post, "compute", "/flavors", new { flavor = new { name = "m1.huge", vcpus = 96, ram = 262144, disk = 200 } });
var huge = (await admin.All<Flavor>("compute", "/flavors/detail", "flavors", f => f.Id)).Single(f => f.Name == "m1.huge").Id;
var tight = projects.Single(p => p is { Bureau: "wjw", Key: "biz" });
await places[tight.Id].Api.Do(HttpMethod.Post, "compute", "/servers", new { server = new Dictionary<string, object> { ["name"] = "wjw-biz-imaging01", ["flavorRef"] = huge, ["imageRef"] = images[0], ["networks"] = new[] { new { uuid = places[tight.Id].Network } } } });
var crowded = projects.Single(p => p is { Bureau: "gaj", Key: "biz" });
var count = (await places[crowded.Id].Api.All<Server>("compute", "/servers/detail", "servers", s => s.Id)).Count;
await admin.Do(HttpMethod.Put, "xiangyun", $"/organisations/{crowded.Id}/quotas", new { quotas = new Dictionary<string, int> { ["compute.instances"] = count + 1 } });

Say("the estate is complete");
return 0;

async Task Each<T>(IEnumerable<T> all, Func<T, Task> act) => await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (one, _) => await act(one));

async Task Grant(string id, (double _, int Cores, int Ram, int Servers, int Gib, int Volumes, int Addresses) q) => await admin.Do(HttpMethod.Put, "xiangyun", $"/organisations/{id}/quotas", new
{
    quotas = new Dictionary<string, int> { ["compute.cores"] = q.Cores, ["compute.ram"] = q.Ram, ["compute.instances"] = q.Servers, ["volume.gigabytes"] = q.Gib, ["volume.volumes"] = q.Volumes, ["network.floatingip"] = q.Addresses, ["network.exit_bandwidth"] = q.Addresses * 10, ["hosting.sites"] = q.Addresses },
});

async Task<string> NewImage(string name)
{
    var image = await admin.Post<JsonObject>("image", "/images", new { name, disk_format = "raw", container_format = "bare", visibility = "public", min_disk = 10, min_ram = 512 });
    var id = (string)image["id"]!;
    using var request = new HttpRequestMessage(HttpMethod.Put, admin.Session.Path("image") + $"/images/{id}/file") { Headers = { { "X-Auth-Token", admin.Session.Token } }, Content = new ByteArrayContent(new byte[1 << 20]) { Headers = { { "Content-Type", "application/octet-stream" } } } };
    (await http.SendAsync(request)).EnsureSuccessStatusCode();
    return id;
}
