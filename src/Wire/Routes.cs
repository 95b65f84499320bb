using Xiangyun.Kernel;

namespace Xiangyun.Wire;

/// <summary>One group of routes of one service.</summary>
public interface IApi
{
    Service Service { get; }
    void Map(Routes routes);
}

/// <summary>
/// A route with its rights and its audit verb. <paramref name="Prefixed"/> routes answer under each of the service's
/// prefixes, others (version documents) right below its root.
/// </summary>
public sealed record Route(string Method, string Path, string Rule, string? Audit, Func<Call, Task<Answer>> Handler, bool Prefixed = true);

/// <summary>Collects the routes of an API. No route exists without a rule, no writing route without an audit verb.</summary>
public sealed class Routes
{
    private readonly List<Route> _all = [];

    public IReadOnlyList<Route> All => _all;

    public void Get(string path, string rule, Func<Call, Task<Answer>> handler) => Add("GET", path, rule, null, handler);
    public void Head(string path, string rule, Func<Call, Task<Answer>> handler) => Add("HEAD", path, rule, null, handler);
    public void Post(string path, string rule, string audit, Func<Call, Task<Answer>> handler) => Add("POST", path, rule, audit, handler);
    public void Put(string path, string rule, string audit, Func<Call, Task<Answer>> handler) => Add("PUT", path, rule, audit, handler);
    public void Patch(string path, string rule, string audit, Func<Call, Task<Answer>> handler) => Add("PATCH", path, rule, audit, handler);
    public void Delete(string path, string rule, string audit, Func<Call, Task<Answer>> handler) => Add("DELETE", path, rule, audit, handler);

    /// <summary>A GET that changes something, where the API that we speak has it so.</summary>
    public void GetThatWrites(string path, string rule, string audit, Func<Call, Task<Answer>> handler) => Add("GET", path, rule, audit, handler);

    /// <summary>A POST that only looks (dry runs, explanations).</summary>
    public void Ask(string path, string rule, Func<Call, Task<Answer>> handler) => Add("POST", path, rule, null, handler);

    /// <summary>A document right below the service root that answers without a token.</summary>
    public void Root(string path, Func<Call, Task<Answer>> handler) => _all.Add(new Route("GET", path, Rules.Public, null, handler, Prefixed: false));

    private void Add(string method, string path, string rule, string? audit, Func<Call, Task<Answer>> handler)
    {
        if (!Rules.Known(rule)) throw new InvalidOperationException($"{method} {path} names the rule '{rule}', which rules.txt does not have");
        _all.Add(new Route(method, path, rule, audit, handler));
    }
}

/// <summary>Every route that the server answers, with the service it belongs to: what tests and generated documents walk.</summary>
public sealed class RouteTable
{
    private readonly List<(Service Service, Route Route)> _all = [];

    public IReadOnlyList<(Service Service, Route Route)> All => _all;

    internal void Add(Service service, Route route) => _all.Add((service, route));
}
