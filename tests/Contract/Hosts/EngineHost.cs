using System.Diagnostics;
using System.Globalization;
using Xiangyun.Kernel;

namespace Xiangyun.Contract.Hosts;

/// <summary>
/// A whole engine host of the tests' own: the launcher's namespaces with a real libvirtd, Open vSwitch and OVN. It ends
/// with the tests; a failing run's files stay where <see cref="Directory"/> says.
/// </summary>
public sealed class EngineHost : IAsyncLifetime
{
    private static readonly string[] Programs = ["libvirtd", "qemu-system-x86_64", "qemu-img", "ovs-vswitchd", "ovn-controller", "haproxy", "unshare", "nsenter", "ethtool"];
    private Process? _unshare;

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("xyh-").FullName;

    /// <summary>Process 1 of the host, as this machine counts.</summary>
    public int Pid { get; private set; }

    public string Libvirt => $"qemu:///system?socket={Directory}/h/run/libvirt/libvirt-sock";

    public static string Top { get; } = FindTop();

    /// <summary>null = this machine can run it.</summary>
    public static string? Missing()
    {
        if (Environment.UserName != "root") return "an engine host needs root";
        return Programs.FirstOrDefault(p => !new[] { "/usr/bin", "/usr/sbin" }.Any(d => File.Exists(Path.Combine(d, p)))) is { } program ? $"{program} is not installed" : null;
    }

    /// <summary>Skips on a laptop, fails in CI.</summary>
    public static void Need()
    {
        if (Missing() is not { } missing) return;
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(missing);
        Assert.Skip(missing);
    }

    public async ValueTask InitializeAsync()
    {
        if (Missing() is not null) return; // each test says so itself
        System.IO.Directory.CreateDirectory($"{Directory}/h");
        _unshare = Start("unshare", "--mount", "--net", "--uts", "--pid", "--fork", "--propagation", "private", "--mount-proc", "--kill-child=KILL",
            Path.Combine(Top, "eng/host/init.sh"), $"{Directory}/h", "test", Id.New(), "1", "1");
        for (var since = Stopwatch.StartNew(); !File.Exists($"{Directory}/h/up"); await Task.Delay(100))
            if (since.Elapsed.TotalSeconds > 60) throw new TimeoutException($"The engine host did not come up; see {Directory}");
        Pid = int.Parse((await File.ReadAllTextAsync($"/proc/{_unshare.Id}/task/{_unshare.Id}/children")).Trim(), CultureInfo.InvariantCulture);
    }

    /// <summary>Starts a program inside the host; it is the returned process's child.</summary>
    public Process StartInside(params string[] command) => Start("nsenter", ["-t", Pid.ToString(CultureInfo.InvariantCulture), "-m", "-n", "-u", "-p", "--", .. command]);

    /// <summary>Runs a program inside the host to its end.</summary>
    public async Task<(int Code, string Output)> Inside(params string[] command)
    {
        using var process = StartInside(command);
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }

    public async ValueTask DisposeAsync()
    {
        if (_unshare is null) return;
        _unshare.Kill(entireProcessTree: true); // --kill-child takes the host along
        await _unshare.WaitForExitAsync();
        await Task.Delay(200);
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    internal static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
#pragma warning disable RS0030 // tests start what they test
        var process = Process.Start(start)!;
#pragma warning restore RS0030
        process.ErrorDataReceived += (_, line) => { if (line.Data is { } text) TestContext.Current.SendDiagnosticMessage(text); };
        process.BeginErrorReadLine();
        return process;
    }

    private static string FindTop()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Xiangyun.slnx"))) at = at.Parent;
        return at?.FullName ?? throw new InvalidOperationException("The tests do not lie in the source tree.");
    }
}

[CollectionDefinition(nameof(EngineHost), DisableParallelization = true)]
public sealed class EngineHostCollection : ICollectionFixture<EngineHost>;
