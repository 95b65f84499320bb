using System.Text.Json;
using System.Text.Json.Nodes;
using Xiangyun.Evidence;
using Xiangyun.Kernel;

namespace Xiangyun.Approvals.Plans;

/// <summary>The ordinary call that a wish stands for.</summary>
/// <param name="NeedsOther">Never carried out directly: without steps it cannot be asked for.</param>
/// <param name="ByApprover">The requester may not do it: whoever approves last does, with its own rights.</param>
internal sealed record Errand(string Kind, string Service, string Method, string Path, JsonObject Body, string ProjectId, bool ByApprover = false, bool NeedsOther = false)
{
    /// <summary>It lies beyond the power of any one of them: the cloud does it once those of <see cref="Rules.Consent"/> agree.</summary>
    public bool ByConsent { get; init; }
}

/// <summary>What can be asked for, and which call of which service that is. Pure.</summary>
internal static class Kinds
{
    public const string Quota = "quota", Right = "right", Deletion = "deletion", Move = "move", Organisation = "organisation", Resize = "resize", Extension = "extension";

    private static readonly Dictionary<string, (string Service, string Path)> Creates = new()
    {
        ["server"] = ("nova", "/servers"), ["volume"] = ("cinder", "/volumes"), ["snapshot"] = ("cinder", "/snapshots"), ["floating_ip"] = ("neutron", "/floatingips"),
        ["network"] = ("neutron", "/networks"), ["port"] = ("neutron", "/ports"), ["router"] = ("neutron", "/routers"),
        ["security_group_rule"] = ("neutron", "/security-group-rules"), ["image"] = ("glance", "/images"), ["site"] = ("xiangyun", "/sites"),
    };

    /// <summary>What a second person may have to confirm the end of.</summary>
    public static readonly IReadOnlyList<string> Deletable = ["server", "volume", "snapshot", "network", "router", "floating_ip", "image", "site"];

    /// <summary>Service, path and the member of the body where one of them is shown; an image is the body itself.</summary>
    public static (string Service, string Path, string Member) Where(string kind) => Deletable.Contains(kind) && Creates.TryGetValue(kind, out var create)
        ? (create.Service, create.Path, kind == "image" ? "" : AuditedAs(kind)) : throw CloudError.NotFound($"There is no '{kind}'; there are {string.Join(", ", Deletable)}.");

    /// <summary>How the audit log calls it.</summary>
    public static string AuditedAs(string kind) => kind == "floating_ip" ? "floatingip" : kind;

    private static Errand Delete(JsonObject wish, Actor actor)
    {
        var (kind, id) = (Id(wish, "kind"), Id(wish, "id"));
        if (kind == Organisation) return new Errand(Deletion, "xiangyun", "DELETE", $"/organisations/{id}", wish, id) { ByConsent = true };
        if (!Deletable.Contains(kind)) throw CloudError.Invalid($"The deletion of '{kind}' cannot be asked for; there are {string.Join(", ", [.. Deletable, Organisation])}.");
        return new Errand(Deletion, Creates[kind].Service, "DELETE", $"{Creates[kind].Path}/{id}", wish, actor.ProjectId ?? throw CloudError.Invalid("Use a token that is scoped to the project."), NeedsOther: true);
    }

    public static Errand Read(string kind, JsonObject wish, Actor actor)
    {
        if (Passwords(wish)) throw CloudError.Invalid("A request is read by others: it must not hold adminPass. Leave it out; set a password or a key when the server runs.");
        if (kind == Deletion) return Delete(wish, actor);
        if (kind == Quota) return new Errand(kind, "xiangyun", "PUT", $"/organisations/{Id(wish, "organisation_id")}/quotas", new JsonObject { ["quotas"] = wish["quotas"]?.DeepClone() }, Id(wish, "organisation_id"), true, true);
        if (kind == Right) return new Errand(kind, "keystone", "PUT", $"/projects/{Id(wish, "project_id")}/users/{Id(wish, "user_id")}/roles/{Id(wish, "role_id")}", [], Id(wish, "project_id"), true, true);
        if (kind == Move) return new Errand(kind, "xiangyun", "PUT", $"/organisations/{Id(wish, "organisation_id")}/parent", new JsonObject { ["parent_id"] = Id(wish, "parent_id"), ["keep_grants"] = wish["keep_grants"]?.DeepClone() }, Id(wish, "organisation_id")) { ByConsent = true };
        if (kind == Organisation) return new Errand(kind, "keystone", "POST", "/projects", new JsonObject { ["project"] = wish.DeepClone() }, Id(wish, "parent_id"), true, true);
        if (!Creates.ContainsKey(kind) && kind is not (Resize or Extension)) throw CloudError.Invalid($"'{kind}' cannot be asked for; there are {string.Join(", ", [.. Creates.Keys, Resize, Extension, Deletion, Quota, Right, Organisation, Move])}.");
        var project = actor.ProjectId ?? throw CloudError.Invalid($"A {kind} belongs to a project: use a token that is scoped to one.");
        if (kind == Resize) return Act("nova", $"/servers/{Id(wish, "server_id")}/action", new JsonObject { ["resize"] = new JsonObject { ["flavorRef"] = Id(wish, "flavor_id") } });
        if (kind == Extension) return Act("cinder", $"/volumes/{Id(wish, "volume_id")}/action", new JsonObject { ["os-extend"] = new JsonObject { ["new_size"] = wish["new_size"]?.DeepClone() } });
        return new Errand(kind, Creates[kind].Service, "POST", Creates[kind].Path, wish, project);

        Errand Act(string service, string path, JsonObject body) => new(kind, service, "POST", path, body, project);
    }

    /// <summary>An object, no member twice at any depth: what is hashed must mean one thing.</summary>
    public static JsonObject Object(JsonElement? element, string name)
    {
        if (element is not { ValueKind: JsonValueKind.Object } found) throw CloudError.Invalid($"Invalid input for field/attribute {name}. It must be an object: the body of the ordinary call.");
        try
        {
            return JsonNode.Parse(Canonical.Bytes(found))!.AsObject();
        }
        catch (JsonException e)
        {
            throw new CloudError(ErrorKind.Invalid, $"Invalid input for field/attribute {name}. A member stands in it twice.", e);
        }
    }

    private static string Id(JsonObject wish, string name) => wish[name] is JsonValue value && value.TryGetValue<string>(out var text) && text is { Length: > 0 and <= 64 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        ? text : throw CloudError.Invalid($"The wish needs '{name}': an id.");

    private static bool Passwords(JsonNode? node) => node switch
    {
        JsonObject members => members.Any(m => m.Key is "adminPass" or "admin_pass" && m.Value is not null || Passwords(m.Value)),
        JsonArray items => items.Any(Passwords),
        _ => false,
    };
}
