using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Operations.Alarms;
using Xiangyun.Reconcile;
using Xiangyun.Store.Alarms;
using Xiangyun.Testing;

namespace Xiangyun.Api.Operations;

/// <summary>What the tests of alarms ask over and over.</summary>
internal static class AlarmsOf
{
    public const string Own = "/xiangyun/v1";

    public static Watcher Watcher(this Cloud cloud) => cloud.Services.GetServices<IReconciler>().OfType<Watcher>().Single();

    /// <summary>All sources are asked now, whenever they were last.</summary>
    public static Task Look(this Cloud cloud) => cloud.Watcher().Look([.. cloud.Services.GetServices<IAlarmSource>()], default);

    public static async Task<List<JsonNode>> Alarms(this Client who, string query) => [.. (await who.Get($"{Own}/alarms?{query}")).Is(200)["alarms"].AsArray().Select(a => a!)];

    /// <summary>A server that no host can take: it is in ERROR at once.</summary>
    public static async Task<string> BrokenServer(this Cloud cloud, Client who)
    {
        var body = Errands.ServerBody(Cloud.Name("broken"), await cloud.NewFlavor(vcpus: 1, ram: 512, disk: 100_000), await cloud.NewImage(), await who.NewNetwork());
        var id = (string)(await who.Post("/compute/v2.1/servers", body)).Is(202)["server"]["id"]!;
        Assert.Equal("ERROR", (string)(await who.Settled(id))["server"]["status"]!);
        return id;
    }
}
