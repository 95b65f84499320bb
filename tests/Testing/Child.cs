using System.Diagnostics;
using System.Text;

namespace Xiangyun.Testing;

/// <summary>A process that a test started: its output goes to a file, it dies with the test, and it can be killed hard.</summary>
public sealed class Child : IAsyncDisposable
{
    private static readonly List<Child> Living = [];
    private readonly Process _process;
    private readonly StreamWriter _log;

    static Child() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        lock (Living) foreach (var child in Living) child.Kill();
    };

    private Child(Process process, StreamWriter log)
    {
        _process = process;
        _log = log;
    }

    public int Id => _process.Id;
    public bool Ended => _process.HasExited;

    public static Child Start(string logFile, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true, WorkingDirectory = "/" };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
#pragma warning disable RS0030 // A child that outlives this call, to be killed hard: not what Engines' runner is for.
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
#pragma warning restore RS0030
        var child = new Child(process, new StreamWriter(new FileStream(logFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite), new UTF8Encoding(false)) { AutoFlush = true });
        process.OutputDataReceived += child.Write;
        process.ErrorDataReceived += child.Write;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        lock (Living) Living.Add(child);
        return child;
    }

    /// <summary>Runs to the end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message carries its output.</exception>
    public static async Task<string> Run(string program, params string[] arguments)
    {
        var file = Path.GetTempFileName();
        try
        {
            await using var child = Start(file, program, arguments);
            await child._process.WaitForExitAsync();
            var said = await ReadShared(file);
            return child._process.ExitCode == 0 ? said : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {child._process.ExitCode}: {said}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<string> ReadShared(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return await reader.ReadToEndAsync();
    }

    /// <summary>SIGKILL: what a power cut does.</summary>
    public void Kill()
    {
        if (!_process.HasExited) _process.Kill();
    }

    public async Task KillAndWait()
    {
        Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAndWait();
        lock (Living) Living.Remove(this);
        lock (_log) _log.Dispose();
        _process.Dispose();
    }

    private void Write(object sender, DataReceivedEventArgs e)
    {
        lock (_log)
        {
            if (e.Data is not null && _log.BaseStream.CanWrite) _log.WriteLine(e.Data);
        }
    }
}
