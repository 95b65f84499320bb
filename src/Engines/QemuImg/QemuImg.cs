using System.Globalization;
using Xiangyun.Engines.Process;
using Xiangyun.Kernel;

namespace Xiangyun.Engines.QemuImg;

/// <summary>The few uses of qemu-img, each making a whole file or changing a size.</summary>
internal static class QemuImg
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(2);

    public static Task Overlay(string file, string backing, string backingFormat, long size, CancellationToken ct) =>
        Call("create", ["create", "-q", "-f", "qcow2", "-b", backing, "-F", backingFormat, file, Text(size)], ct);

    public static Task Create(string file, long size, CancellationToken ct, string format = "qcow2") => Call("create", ["create", "-q", "-f", format, file, Text(size)], ct);

    public static Task Convert(string from, string format, string into, CancellationToken ct, string target = "qcow2") =>
        Call("convert", ["convert", "-q", "-f", format, "-O", target, from, into], ct);

    public static Task Resize(string file, long size, CancellationToken ct, string format = "qcow2") => Call("resize", ["resize", "-q", "-f", format, file, Text(size)], ct);

    private static async Task Call(string verb, string[] arguments, CancellationToken ct)
    {
        var ran = await Run.Any("qemu-img", verb, "qemu-img", arguments, ct, limit: Long);
        if (ran.ExitCode == 0) return;
        var locked = Locked(ran.Error);
        throw new EngineFault("qemu-img", verb, ran.Error.Trim(), locked || ran.Error.Contains("No space left", StringComparison.Ordinal), ran.ExitCode);
    }

    /// <summary>Another process has the file open: QEMU's own file lock.</summary>
    public static bool Locked(string error) => error.Contains("lock", StringComparison.OrdinalIgnoreCase);

    private static string Text(long size) => size.ToString(CultureInfo.InvariantCulture);
}
