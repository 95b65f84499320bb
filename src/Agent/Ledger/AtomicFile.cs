using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Xiangyun.Agent.Ledger;

/// <summary>Replaces a file so that after a crash at any moment the old or the new content is there, whole.</summary>
internal static partial class AtomicFile
{
    public static void Write(string path, ReadOnlySpan<byte> content, bool durable)
    {
        var next = path + ".new";
        using (var stream = new FileStream(next, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: durable);
        }
        File.Move(next, path, overwrite: true);
        if (durable) SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>The rename itself is only durable when the directory is written too.</summary>
    private static void SyncDirectory(string directory)
    {
        using var handle = new SafeFileHandle(Open(directory, 0), ownsHandle: true);
        if (handle.IsInvalid || Fsync(handle) < 0) throw new IOException($"{directory} could not be synced: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(SafeFileHandle handle);
}
