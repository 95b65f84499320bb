using System.Diagnostics;

namespace Xiangyun.Browser;

/// <summary>Asks a process that we started to end, as Ctrl-C would.</summary>
internal static class Shell
{
    public static async Task End(int pid)
    {
#pragma warning disable RS0030 // the one process runner is the product's; a test of the product starts its own
        using var kill = Process.Start("/bin/kill", ["-TERM", $"{pid}"]);
#pragma warning restore RS0030
        await kill.WaitForExitAsync();
    }
}
