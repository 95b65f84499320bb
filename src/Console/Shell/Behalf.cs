using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Xiangyun.Client;

namespace Xiangyun.Console.Shell;

/// <summary>
/// For whom the console asks: the audit log must name the browser's address, not the server's own. The console stamps its
/// requests with that address and a secret that lives and dies with this process; only with the secret is the address
/// believed. It gives no right: every request carries the person's own token.
/// </summary>
internal sealed class Behalf(ApiClient client)
{
    private const string Address = "X-Xiangyun-For", Proof = "X-Xiangyun-Console";
    private readonly string _secret = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));

    public Door Door(string? address) => new(client.Http, Stamp(address));

    public Api Api(Session session, string? address) => new(client.Http, session, Stamp(address));

    private Action<HttpRequestMessage> Stamp(string? address) => request =>
    {
        if (address is null) return;
        request.Headers.Add(Address, address);
        request.Headers.Add(Proof, _secret);
    };

    /// <summary>Sets the caller's address where the request is one of our own.</summary>
    public Task Believe(HttpContext http, RequestDelegate next)
    {
        var headers = http.Request.Headers;
        if (headers[Proof].ToString() is { Length: 64 } proof && CryptographicOperations.FixedTimeEquals(System.Text.Encoding.ASCII.GetBytes(proof), System.Text.Encoding.ASCII.GetBytes(_secret)) && IPAddress.TryParse(headers[Address].ToString(), out var address))
            http.Connection.RemoteIpAddress = address;
        headers.Remove(Proof);
        headers.Remove(Address);
        return next(http);
    }
}
