using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xiangyun.Agent;
using Xiangyun.Agent.Hosts;

AgentOptions options;
try
{
    options = AgentOptions.Parse(args);
}
catch (ArgumentException e)
{
    Console.Error.WriteLine($"{e.Message}\n\n{AgentOptions.Usage}");
    return 2;
}
try
{
    using var held = StateLock.Take(options.State);
    await using var app = AgentApp.Build(options);
    var hosts = app.Services.GetRequiredService<HostList>();
    foreach (var host in hosts.All) host.Start();
    await app.StartAsync();
    app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Xiangyun.Agent").Listens(hosts.All.Count, options.Listen);
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception e) when (e is InvalidOperationException or IOException or ArgumentException or System.Security.Cryptography.CryptographicException)
{
    Console.Error.WriteLine($"The agent cannot run: {e.Message}");
    return 1;
}
