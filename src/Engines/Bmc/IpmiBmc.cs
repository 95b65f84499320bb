using System.Globalization;
using Xiangyun.Engines.Process;
using Xiangyun.Kernel;

namespace Xiangyun.Engines.Bmc;

/// <param name="Address">Host or IP, without a port: 623.</param>
/// <param name="Port">UDP.</param>
/// <param name="Cipher">Cipher suite of RMCP+; null = ipmitool takes the best that the controller offers.</param>
public sealed record IpmiOptions(string Address, string User, string Password, int Port = 623, int? Cipher = null);

/// <summary>
/// A machine whose controller speaks IPMI 2.0 over the network (RMCP+), asked by Debian's ipmitool. The password is in the environment of that process, never
/// on its command line. Watts come from DCMI where the controller has it, the model from its first FRU.
/// </summary>
public sealed class IpmiBmc(IpmiOptions options) : IBmc
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);
    private string? _model;

    public async Task<BmcSeen> Look(CancellationToken ct)
    {
        var on = await Power("look", ct);
        return new BmcSeen(on, await Watts(ct), _model ??= await Model(ct));
    }

    public async Task Ensure(PowerWish wish, CancellationToken ct)
    {
        var verb = wish == PowerWish.On ? "on" : "off";
        if (await Power(verb, ct) == (wish == PowerWish.On)) return;
        await Must(verb, ct, "chassis", "power", wish switch { PowerWish.On => "on", PowerWish.Off => "soft", _ => "off" });
    }

    /// <summary>"Chassis Power is on".</summary>
    private async Task<bool> Power(string verb, CancellationToken ct) => (await Must(verb, ct, "chassis", "power", "status")).Trim() switch
    {
        var said when said.EndsWith(" is on", StringComparison.Ordinal) => true,
        var said when said.EndsWith(" is off", StringComparison.Ordinal) => false,
        var said => throw new EngineFault("ipmi", verb, $"its controller answered '{said}'", transient: false),
    };

    /// <summary>"Instantaneous power reading:   182 Watts".</summary>
    private async Task<double?> Watts(CancellationToken ct)
    {
        var ran = await Ask("watts", ct, "dcmi", "power", "reading");
        if (ran.ExitCode != 0) return null; // it has no DCMI
        var line = ran.Output.Split('\n').FirstOrDefault(l => l.Contains("Instantaneous power reading", StringComparison.Ordinal));
        return line is not null && double.TryParse(line[(line.IndexOf(':') + 1)..].Replace("Watts", "", StringComparison.Ordinal), CultureInfo.InvariantCulture, out var watts) ? watts : null;
    }

    private async Task<string> Model(CancellationToken ct)
    {
        var ran = await Ask("model", ct, "fru", "print", "0");
        string Of(string name) => ran.Output.Split('\n').Select(l => l.Split(" : ", 2)).FirstOrDefault(p => p.Length == 2 && p[0].Trim() == name)?[1].Trim() ?? "";
        return string.Join(' ', new[] { Of("Product Manufacturer"), Of("Product Name") }.Where(w => w.Length > 0));
    }

    private async Task<string> Must(string verb, CancellationToken ct, params string[] command)
    {
        var ran = await Ask(verb, ct, command);
        if (ran.ExitCode == 0) return ran.Output;
        var words = ran.Error.Trim().Length > 0 ? ran.Error.Trim() : ran.Output.Trim();
        var refused = await Refused(ct);
        throw new EngineFault("ipmi", verb, refused ? $"{options.Address} refuses the user {options.User} or its password" : $"{options.Address}: {words.ReplaceLineEndings(" ")}", transient: !refused, ran.ExitCode);
    }

    /// <summary>Only when it talks more does ipmitool say why a session could not be opened.</summary>
    private async Task<bool> Refused(CancellationToken ct)
    {
        var ran = await Ask("look", ct, "-v", "chassis", "power", "status");
        var words = ran.Error + ran.Output;
        return ran.ExitCode != 0 && (words.Contains("RAKP 2 message indicates an error", StringComparison.Ordinal) || words.Contains("HMAC is invalid", StringComparison.Ordinal));
    }

    private Task<Ran> Ask(string verb, CancellationToken ct, params string[] command)
    {
        List<string> arguments = ["-I", "lanplus", "-H", options.Address, "-p", options.Port.ToString(CultureInfo.InvariantCulture), "-U", options.User, "-E", "-N", "2", "-R", "3"];
        if (options.Cipher is { } suite) arguments.AddRange(["-C", suite.ToString(CultureInfo.InvariantCulture)]);
        return Run.Any("ipmi", verb, "ipmitool", [.. arguments, .. command], ct, limit: Limit, environment: new Dictionary<string, string> { ["IPMI_PASSWORD"] = options.Password });
    }

    public void Dispose() { }
}
