using System.Diagnostics;

namespace Xiangyun.Lab;

/// <summary>
/// Runs a line of bash as a stranger at a terminal would and returns what it printed. The tests use Debian's own
/// `openstack` client through it, so nothing of our code helps them.
/// </summary>
internal static class Shell
{
    public static async Task<string> Run(string script, IReadOnlyDictionary<string, string> environment, int seconds)
    {
        var (code, output, errors) = await Try(script, environment, seconds);
        Assert.True(code == 0, $"ended with {code}: {script}\n{output}\n{errors}");
        return output.Trim();
    }

    public static async Task<(int Code, string Output, string Errors)> Try(string script, IReadOnlyDictionary<string, string> environment, int seconds)
    {
        var start = new ProcessStartInfo("/usr/bin/timeout") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var word in new[] { "-k", "5", seconds.ToString(), "bash", "-euo", "pipefail", "-c", script }) start.ArgumentList.Add(word);
        foreach (var (name, value) in environment) start.Environment[name] = value;
#pragma warning disable RS0030 // the one process runner is the product's; a test of the product starts its own
        using var process = Process.Start(start) ?? throw new InvalidOperationException("bash did not start");
#pragma warning restore RS0030
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}
