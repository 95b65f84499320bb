using Xiangyun.Client;

namespace Xiangyun.Console.Pages.Servers;

/// <summary>Power actions as Nova spells them.</summary>
internal static class ServerActions
{
    public static Task Do(Api api, string id, string action)
    {
        object? how = action switch { "reboot" => new { type = "SOFT" }, "hard-reboot" => new { type = "HARD" }, _ => null };
        return api.Do(HttpMethod.Post, "compute", $"/servers/{id}/action", new Dictionary<string, object?> { [action == "hard-reboot" ? "reboot" : action] = how });
    }
}
