using System.Text.Json.Nodes;
using Xiangyun.Kernel;

namespace Xiangyun.Wire;

/// <summary>How one service's errors look: the status of each kind and the body. The one place where kinds become HTTP.</summary>
public sealed record ErrorStyle(Func<ErrorKind, int> Status, Func<int, string, CloudError?, string, JsonNode> Body)
{
    /// <summary><c>{"error":{"code":404,"title":"Not Found","message":".."}}</c></summary>
    public static readonly ErrorStyle Keystone = new(Usual, (status, message, _, _) => new JsonObject
    {
        ["error"] = new JsonObject { ["code"] = status, ["title"] = Title(status), ["message"] = message },
    });

    /// <summary><c>{"itemNotFound":{"code":404,"message":".."}}</c>; over quota is 403.</summary>
    public static readonly ErrorStyle Nova = new(Usual, (status, message, error, _) => Keyed(status, message, error));

    /// <summary>Like Nova's, but over quota is 413.</summary>
    public static readonly ErrorStyle Cinder = new(kind => kind == ErrorKind.OverLimit ? 413 : Usual(kind), (status, message, error, _) => Keyed(status, message, error));

    /// <summary><c>{"NeutronError":{"type":"NetworkNotFound","message":"..","detail":""}}</c>; over quota is 409.</summary>
    public static readonly ErrorStyle Neutron = new(kind => kind == ErrorKind.OverLimit ? 409 : Usual(kind), (status, message, error, _) => new JsonObject
    {
        ["NeutronError"] = new JsonObject { ["type"] = error?.Type ?? NeutronType(status), ["message"] = message, ["detail"] = "" },
    });

    /// <summary>Glance's clients read the status; the body is <c>{"message":"..","code":"404 Not Found","title":"Not Found"}</c>. Over quota is 413.</summary>
    public static readonly ErrorStyle Glance = new(kind => kind == ErrorKind.OverLimit ? 413 : Usual(kind), (status, message, _, _) => new JsonObject
    {
        ["message"] = message, ["code"] = $"{status} {Title(status)}", ["title"] = Title(status),
    });

    /// <summary><c>{"errors":[{"status","title","detail","code","request_id"}]}</c></summary>
    public static readonly ErrorStyle Placement = new(Usual, (status, message, error, requestId) => new JsonObject
    {
        ["errors"] = new JsonArray(new JsonObject
        {
            ["status"] = status, ["title"] = Title(status), ["detail"] = message, ["code"] = error?.Type ?? "placement.undefined_code", ["request_id"] = requestId,
        }),
    });

    /// <summary>Our own APIs: problem details (RFC 9457) with the request id.</summary>
    public static readonly ErrorStyle Own = new(Usual, (status, message, error, requestId) => new JsonObject
    {
        ["type"] = "about:blank", ["title"] = Title(status), ["status"] = status, ["detail"] = message, ["code"] = error?.Type ?? error?.Kind.ToString(), ["request_id"] = requestId,
    });

    private static int Usual(ErrorKind kind) => kind switch
    {
        ErrorKind.Invalid => 400,
        ErrorKind.Unauthorized => 401,
        ErrorKind.Forbidden or ErrorKind.OverLimit => 403,
        ErrorKind.NotFound => 404,
        ErrorKind.Conflict or ErrorKind.NoCapacity => 409,
        _ => 503,
    };

    private static JsonObject Keyed(int status, string message, CloudError? error) => new()
    {
        [error?.Kind == ErrorKind.OverLimit ? "overLimit" : status switch
        {
            400 => "badRequest", 401 => "unauthorized", 403 => "forbidden", 404 => "itemNotFound", 405 => "badMethod", 409 => "conflictingRequest",
            413 => "overLimit", 415 => "badMediaType", 429 => "overLimit", 501 => "notImplemented", 503 => "serviceUnavailable", _ => "computeFault",
        }] = new JsonObject { ["code"] = status, ["message"] = message },
    };

    private static string NeutronType(int status) => status switch
    {
        400 => "HTTPBadRequest", 403 => "PolicyNotAuthorized", 404 => "HTTPNotFound", 409 => "Conflict", 503 => "ServiceUnavailable", _ => "HTTPInternalServerError",
    };

    internal static string Title(int status) => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);
}
