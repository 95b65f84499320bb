using Xiangyun.Engines.Guests;

namespace Xiangyun.Engines.Libvirt;

/// <summary>Keeps a guest from filling the host's disk through its serial line: QEMU appends, so the file can be cut under it.</summary>
internal static class ConsoleLogFile
{
    private const long Most = 8L * ConsoleText.Kept;

    public static void Trim(string file)
    {
        var info = new FileInfo(file);
        if (!info.Exists || info.Length <= Most) return;
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var tail = new byte[ConsoleText.Kept];
        stream.Seek(-tail.Length, SeekOrigin.End);
        stream.ReadExactly(tail);
        stream.SetLength(0);
        stream.Seek(0, SeekOrigin.Begin);
        stream.Write(tail);
    }
}
