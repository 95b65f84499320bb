using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Protocol;
using Xiangyun.Store;

namespace Xiangyun.Compute.Consoles;

/// <summary>The graphic console: a page that loads noVNC, and the websocket behind it that pumps bytes to the host's agent.</summary>
public static class ConsolePages
{
    private const string Page = """
        <!doctype html><html lang="zh"><head><meta charset="utf-8"><title>云主机控制台 · Console</title>
        <style>html,body,#screen{margin:0;height:100%;background:#101828}#state{position:fixed;top:8px;right:12px;color:#98a2b3;font:13px sans-serif}</style></head>
        <body><div id="state">正在连接 · connecting</div><div id="screen"></div>
        <script type="module">
        import RFB from '/novnc/core/rfb.js';
        const state = document.getElementById('state');
        const url = new URL('/' + new URLSearchParams(location.search).get('path'), location.href); url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
        const rfb = new RFB(document.getElementById('screen'), url.href, { wsProtocols: ['binary'] });
        rfb.scaleViewport = true; rfb.focusOnClick = true;
        rfb.addEventListener('connect', () => { state.textContent = ''; document.body.dataset.state = 'connected'; rfb.focus(); });
        rfb.addEventListener('disconnect', () => { state.textContent = '连接已关闭，请重新获取控制台地址 · closed, ask for a new console URL'; document.body.dataset.state = 'closed'; });
        </script></body></html>
        """;

    public static void MapConsoles(this WebApplication app)
    {
        if (app.Services.GetRequiredService<ComputeOptions>().Novnc is { } novnc && Directory.Exists(novnc))
            app.UseStaticFiles(new StaticFileOptions { RequestPath = "/novnc", FileProvider = new PhysicalFileProvider(System.IO.Path.GetFullPath(novnc)) });
        app.MapGet("/xiangyun/console/vnc", (HttpContext http, ConsoleSeal seal) =>
            Show(http, seal, Page));
        app.MapGet("/xiangyun/console/serial", (HttpContext http, ConsoleSeal seal) =>
            Show(http, seal, SerialPage.Html));
        app.Map("/xiangyun/console/ws", Connect);
    }

    /// <summary>Where the page connects to stands in its own address as noVNC has it: <c>?path=xiangyun/console/ws?token=...</c></summary>
    public static string Path(string kind, string token) => $"/xiangyun/console/{kind}?path={Uri.EscapeDataString("xiangyun/console/ws?token=" + token)}";

    private static IResult Show(HttpContext http, ConsoleSeal seal, string page)
    {
        var (path, headers) = (http.Request.Query["path"].ToString(), http.Response.Headers);
        headers.ContentSecurityPolicy = Policy(page);
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer"; // the token stands in the address
        headers.CacheControl = "no-store";
        return seal.Open(path[(path.LastIndexOf('=') + 1)..]) is null ? Results.Text("The console link has expired; ask for a new one.\n", statusCode: 401) : Results.Text(page, "text/html");
    }

    /// <summary>Only the page's own script, known by its hash, and noVNC's files; shown in a frame by the console of this very address and by nobody else.</summary>
    internal static string Policy(string page)
    {
        var from = page.IndexOf('>', page.IndexOf("<script", StringComparison.Ordinal)) + 1;
        var script = page[from..page.LastIndexOf("</script>", StringComparison.Ordinal)];
        return $"default-src 'none'; script-src 'self' 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'; style-src 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
    }

    private static async Task Connect(HttpContext http)
    {
        var services = http.RequestServices;
        var seal = services.GetRequiredService<ConsoleSeal>();
        var ticket = seal.Open(http.Request.Query["token"].ToString());
        var origin = http.Request.Headers.Origin.ToString();
        if (ticket is null || !http.WebSockets.IsWebSocketRequest || origin.Length > 0 && new Uri(origin).Authority != http.Request.Host.Value || !seal.Take(ticket))
        {
            http.Response.StatusCode = ticket is null ? 401 : 403;
            http.Response.Headers.Connection = "close";
            return;
        }
        var database = services.GetRequiredService<Database>();
        var row = await database.Read(q => q.Db<ComputeDb>().Servers.SingleOrDefaultAsync(s => s.Id == ticket.ServerId && s.DeletedAt == null));
        if (row?.HostId is null)
        {
            http.Response.StatusCode = 404;
            return;
        }
        var log = services.GetRequiredService<ILogger<ConsoleSeal>>();
        var protocol = http.WebSockets.WebSocketRequestedProtocols.Contains("binary") ? "binary" : null;
        using var socket = await http.WebSockets.AcceptWebSocketAsync(protocol);
        log.ConsoleOpened(row.Id, ticket.UserName);
        var actor = Actor.System with { UserId = ticket.UserId, UserName = ticket.UserName, ProjectId = ticket.ProjectId, RequestId = "req-" + Id.New(), RemoteAddress = http.Connection.RemoteIpAddress?.ToString() ?? "" };
        await database.Write(actor, tx => { tx.Audit("server.console_open", "server", row.Id, row.ProjectId, new { ticket.Kind }); return Task.CompletedTask; });
        await Pump(socket, services.GetRequiredService<IHostLink>(), row.HostId, row.Id, ticket.Kind, log, http.RequestAborted);
    }

    private static async Task Pump(WebSocket socket, IHostLink link, string hostId, string serverId, string kind, ILogger log, CancellationToken ct)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            await link.Console(hostId, new ConsoleOpen { ServerId = serverId, Kind = kind },
                async stop =>
                {
                    var got = await socket.ReceiveAsync(buffer.AsMemory(), stop);
                    return got.MessageType == WebSocketMessageType.Close ? ReadOnlyMemory<byte>.Empty : buffer.AsMemory(0, got.Count);
                },
                async bytes => await socket.SendAsync(bytes, WebSocketMessageType.Binary, true, ct), ct);
            log.ConsoleClosed(serverId, "one side hung up");
        }
        catch (Exception e) when (e is CloudError or WebSocketException or OperationCanceledException)
        {
            log.ConsoleClosed(serverId, e.Message);
        }
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived) await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "closed", CancellationToken.None);
    }
}
