using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Xiangyun.Kernel;

namespace Xiangyun.Engines.Libvirt;

/// <summary>
/// libvirt's event loop: one for the whole process, registered before the first connection is opened. Callbacks arrive
/// on its thread and must not block; they only hand a word to the connection that the opaque pointer names.
/// </summary>
internal static unsafe class EventLoop
{
    private static readonly Lock Gate = new();
    private static bool s_runs;

    public static void Start()
    {
        lock (Gate)
        {
            if (s_runs) return;
            if (Native.EventRegister() < 0) throw LibvirtError.Fault("event loop");
            Native.SetErrorFunc(0, &Silent); // else libvirt prints every error to stderr
            new Thread(() => { while (Native.EventRun() >= 0) { } }, 256 * 1024) { IsBackground = true, Name = "libvirt-events" }.Start();
            s_runs = true;
        }
    }

    public static nint Lifecycle => (nint)(delegate* unmanaged[Cdecl]<nint, nint, int, int, nint, int>)&OnLifecycle;
    public static nint DeviceRemoved => (nint)(delegate* unmanaged[Cdecl]<nint, nint, nint, nint, void>)&OnDeviceRemoved;
    public static delegate* unmanaged[Cdecl]<nint, int, nint, void> Closed => &OnClosed;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Silent(nint user, nint error) { }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnLifecycle(nint connection, nint domain, int kind, int detail, nint opaque)
    {
        To(opaque)?.Noticed(UuidOf(domain));
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnDeviceRemoved(nint connection, nint domain, nint alias, nint opaque) => To(opaque)?.Noticed(UuidOf(domain));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnClosed(nint connection, int reason, nint opaque) => To(opaque)?.Lost(connection);

    private static Connection? To(nint opaque) => GCHandle.FromIntPtr(opaque).Target as Connection;

    private static string UuidOf(nint domain)
    {
        var text = stackalloc byte[37];
        return Native.Uuid(domain, text) < 0 ? "" : Marshal.PtrToStringUTF8((nint)text) ?? "";
    }
}
