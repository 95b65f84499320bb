using System.Runtime.InteropServices;
using Xiangyun.Kernel;

namespace Xiangyun.Engines.Libvirt;

/// <summary>
/// The error of the last call on this thread. Every later call resets it, so it is taken at once, before any await.
/// Codes: virErrorNumber in libvirt's virterror.h.
/// </summary>
internal static unsafe class LibvirtError
{
    public const int NoDomain = 42;
    public const int OperationInvalid = 55;
    public const int DeviceMissing = 99;

    private static readonly HashSet<int> Lasting = [3, 8, 27, 35, 67, 92]; // no support, bad argument, bad XML, unsupported configuration

    public static int Code()
    {
        var error = Native.LastError();
        return error is null ? 0 : error->Code;
    }

    public static EngineFault Fault(string verb)
    {
        var error = Native.LastError();
        if (error is null) return new EngineFault("libvirt", verb, "libvirt gave no reason", transient: true);
        return new EngineFault("libvirt", verb, Marshal.PtrToStringUTF8(error->Message) ?? "", !Lasting.Contains(error->Code), error->Code);
    }
}
