using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Xiangyun.Kernel;

namespace Xiangyun.Engines.Process;

/// <summary>What a finished process left behind. Both texts are cut at <see cref="Run.Cap"/> characters.</summary>
public sealed record Ran(int ExitCode, string Output, string Error);

/// <summary>
/// The one way to run a program: arguments as a list (never a shell line), input as text, a time limit, and the whole
/// process tree killed when the caller gives up. A program that fails becomes an <see cref="EngineFault"/> with its own words.
/// </summary>
public static class Run
{
    /// <summary>Characters of output kept; what exceeds it is read and dropped, so that the program never blocks on a full pipe.</summary>
    public const int Cap = 4 * 1024 * 1024;

    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(60);

    /// <exception cref="EngineFault">The program is missing, failed or took too long.</exception>
    public static async Task<string> Output(string engine, string verb, string program, IReadOnlyList<string> arguments, CancellationToken ct, string? input = null, TimeSpan? limit = null)
    {
        var ran = await Any(engine, verb, program, arguments, ct, input, limit);
        if (ran.ExitCode != 0) throw new EngineFault(engine, verb, Words(ran, program), transient: false, ran.ExitCode);
        return ran.Output;
    }

    /// <summary>Runs and gives the exit code whatever it is.</summary>
    /// <param name="environment">What the program finds in its environment beside ours: secrets, which everybody on the machine would see among its arguments.</param>
    public static async Task<Ran> Any(string engine, string verb, string program, IReadOnlyList<string> arguments, CancellationToken ct, string? input = null, TimeSpan? limit = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = Start(engine, verb, program, arguments, environment);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(ct);
        late.CancelAfter(limit ?? Usual);
        try
        {
            var output = Read(process.StandardOutput, late.Token);
            var error = Read(process.StandardError, late.Token);
            await Feed(process, input, late.Token);
            await process.WaitForExitAsync(late.Token);
            return new Ran(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            Kill(process);
            throw new EngineFault(engine, verb, $"{program} did not finish within {(limit ?? Usual).TotalSeconds:0} s", transient: true);
        }
        catch (OperationCanceledException)
        {
            Kill(process);
            throw;
        }
    }

    private static System.Diagnostics.Process Start(string engine, string verb, string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["LC_ALL"] = "C.UTF-8";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        try
        {
#pragma warning disable RS0030 // the one place
            return System.Diagnostics.Process.Start(start) ?? throw new EngineFault(engine, verb, $"{program} did not start", transient: true);
#pragma warning restore RS0030
        }
        catch (Win32Exception e)
        {
            throw new EngineFault(engine, verb, $"{program} cannot be run", transient: false, cause: e);
        }
    }

    private static async Task Feed(System.Diagnostics.Process process, string? input, CancellationToken ct)
    {
        try
        {
            if (input is not null) await process.StandardInput.WriteAsync(input.AsMemory(), ct);
            process.StandardInput.Close();
        }
        catch (IOException) { } // it closed its input early; its exit code tells
    }

    private static async Task<string> Read(StreamReader from, CancellationToken ct)
    {
        var text = new StringBuilder();
        var buffer = new char[8192];
        for (int n; (n = await from.ReadAsync(buffer, ct)) > 0;)
            if (text.Length < Cap) text.Append(buffer, 0, Math.Min(n, Cap - text.Length));
        return text.ToString();
    }

    private static void Kill(System.Diagnostics.Process process)
    {
        try { process.Kill(entireProcessTree: true); }
        catch (InvalidOperationException) { } // it ended by itself meanwhile
    }

    private static string Words(Ran ran, string program)
    {
        var words = ran.Error.Trim();
        if (words.Length == 0) words = ran.Output.Trim();
        if (words.Length > 2000) words = words[..2000];
        return words.Length > 0 ? words : $"{program} ended with exit code {ran.ExitCode}";
    }
}
