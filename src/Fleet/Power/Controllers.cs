using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.DataProtection;
using Xiangyun.Engines.Bmc;
using Xiangyun.Fleet.Hosts;
using Xiangyun.Fleet.Links;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Protocol;

namespace Xiangyun.Fleet.Power;

/// <summary>Finds what switches a host. Passwords of controllers are opened here and nowhere else.</summary>
/// <param name="around">For tests: what stands between us and the engines.</param>
internal sealed class Controllers(Agents agents, IDataProtectionProvider protection, TimeProvider clock, Around? around = null)
{
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(5);
    private readonly IDataProtector _protector = protection.CreateProtector("xiangyun.bmc.v1");

    public string Seal(string password) => _protector.Protect(password);

    /// <returns>null: nothing is known that does.</returns>
    public IBmc? Of(HostRow host, BmcRow? row)
    {
        IBmc? bmc = host.Simulated ? new SimulatedPower(agents, host, clock) : row?.Kind switch
        {
            BmcRow.Redfish => new RedfishBmc(new RedfishOptions(new UriBuilder("https", row.Address, row.Port).Uri, row.UserName, Password(row), row.Fingerprint, row.Authority, row.SystemId)),
            BmcRow.Ipmi => new IpmiBmc(new IpmiOptions(row.Address, row.UserName, Password(row), row.Port)),
            BmcRow.Wake => new WakeOnLan(new WakeOptions(row.Mac!, new IPEndPoint(IPAddress.Parse(row.Address), row.Port)), ct => Answers(host, ct), ct => ShutDown(host, ct), host.PowerWanted == PowerState.Off),
            _ => null,
        };
        return bmc is null || around is null ? bmc : around.Of(bmc);
    }

    private string Password(BmcRow row) => _protector.Unprotect(row.SealedPassword!);

    private async Task<bool> Answers(HostRow host, CancellationToken ct)
    {
        try
        {
            await agents.Client(host.Endpoint).DescribeAsync(new DescribeRequest(), Agents.For(host, ct, Quick, clock));
            return true;
        }
        catch (RpcException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task ShutDown(HostRow host, CancellationToken ct)
    {
        try
        {
            var answer = await agents.Client(host.Endpoint).HostPowerAsync(new HostPowerRequest { Verb = "shutdown" }, Agents.For(host, ct, Quick, clock));
            if (answer.Why.Length > 0) throw new EngineFault("agent", "shutdown", answer.Why, transient: false);
        }
        catch (RpcException e) when (!ct.IsCancellationRequested)
        {
            throw new EngineFault("agent", "shutdown", $"{host.Name}: {e.Status.Detail}", transient: true, cause: e);
        }
    }
}

/// <summary>Stands between the cloud and what switches hosts: tests throw in it.</summary>
internal sealed record Around(Func<IBmc, IBmc> Of);
