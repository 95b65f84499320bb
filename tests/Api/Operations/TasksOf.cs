using System.Text.Json.Nodes;
using Xiangyun.Testing;

namespace Xiangyun.Api.Operations;

internal static class TasksOf
{
    public static async Task<List<JsonNode>> Tasks(this Client who, string query = "") => [.. (await who.Get($"{AlarmsOf.Own}/tasks?{query}")).Is(200)["tasks"].AsArray().Select(t => t!)];

    public static Task<JsonNode> TaskOf(this Client who, string objectId, Func<JsonNode, bool> wanted) =>
        Wait.For($"a task of {objectId}", () => who.Tasks($"object_id={objectId}"), all => all.Any(wanted)).ContinueWith(t => t.Result.First(wanted), TaskScheduler.Default);

    public static string[] Can(this JsonNode task) => [.. task["can"]!.AsArray().Select(v => (string)v!)];
}
