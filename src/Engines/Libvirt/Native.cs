using System.Runtime.InteropServices;

namespace Xiangyun.Engines.Libvirt;

/// <summary>
/// libvirt.so.0 as it is (reference: libvirt.org/html/index.html). Pointers to domains and connections are counted:
/// what a call returns is freed by <see cref="DomainFree"/> or <see cref="Close"/>. Strings come back as pointers, because
/// some belong to the caller and some do not.
/// </summary>
internal static unsafe partial class Native
{
    private const string Lib = "libvirt.so.0";

    [StructLayout(LayoutKind.Sequential)]
    public struct Error
    {
        public int Code, Domain;
        public nint Message;
    }

    [LibraryImport(Lib, EntryPoint = "virEventRegisterDefaultImpl")] public static partial int EventRegister();
    [LibraryImport(Lib, EntryPoint = "virEventRunDefaultImpl")] public static partial int EventRun();
    [LibraryImport(Lib, EntryPoint = "virSetErrorFunc")] public static partial void SetErrorFunc(nint user, delegate* unmanaged[Cdecl]<nint, nint, void> handler);
    [LibraryImport(Lib, EntryPoint = "virGetLastError")] public static partial Error* LastError();
    [LibraryImport(Lib, EntryPoint = "virConnectOpen", StringMarshalling = StringMarshalling.Utf8)] public static partial nint Open(string uri);
    [LibraryImport(Lib, EntryPoint = "virConnectRef")] public static partial int Ref(nint connection);
    [LibraryImport(Lib, EntryPoint = "virConnectClose")] public static partial int Close(nint connection);
    [LibraryImport(Lib, EntryPoint = "virConnectIsAlive")] public static partial int IsAlive(nint connection);
    [LibraryImport(Lib, EntryPoint = "virConnectSetKeepAlive")] public static partial int SetKeepAlive(nint connection, int interval, uint count);
    [LibraryImport(Lib, EntryPoint = "virConnectGetVersion")] public static partial int Version(nint connection, ulong* version);
    [LibraryImport(Lib, EntryPoint = "virConnectDomainEventRegisterAny")] public static partial int EventRegisterAny(nint connection, nint domain, int kind, nint callback, nint opaque, nint free);
    [LibraryImport(Lib, EntryPoint = "virConnectRegisterCloseCallback")] public static partial int OnClose(nint connection, delegate* unmanaged[Cdecl]<nint, int, nint, void> callback, nint opaque, nint free);
    [LibraryImport(Lib, EntryPoint = "virConnectListAllDomains")] public static partial int List(nint connection, nint** domains, uint flags);
    [LibraryImport(Lib, EntryPoint = "virDomainLookupByUUIDString", StringMarshalling = StringMarshalling.Utf8)] public static partial nint Lookup(nint connection, string uuid);
    [LibraryImport(Lib, EntryPoint = "virDomainGetName")] public static partial nint Name(nint domain);
    [LibraryImport(Lib, EntryPoint = "virDomainGetUUIDString")] public static partial int Uuid(nint domain, byte* text);
    [LibraryImport(Lib, EntryPoint = "virDomainFree")] public static partial int DomainFree(nint domain);
    [LibraryImport(Lib, EntryPoint = "virDomainGetState")] public static partial int State(nint domain, int* state, int* reason, uint flags);
    [LibraryImport(Lib, EntryPoint = "virDomainGetXMLDesc")] public static partial nint Xml(nint domain, uint flags);
    [LibraryImport(Lib, EntryPoint = "virDomainDefineXMLFlags", StringMarshalling = StringMarshalling.Utf8)] public static partial nint Define(nint connection, string xml, uint flags);
    [LibraryImport(Lib, EntryPoint = "virDomainCreate")] public static partial int Create(nint domain);
    [LibraryImport(Lib, EntryPoint = "virDomainSuspend")] public static partial int Suspend(nint domain);
    [LibraryImport(Lib, EntryPoint = "virDomainResume")] public static partial int Resume(nint domain);
    [LibraryImport(Lib, EntryPoint = "virDomainShutdownFlags")] public static partial int Shutdown(nint domain, uint flags);
    [LibraryImport(Lib, EntryPoint = "virDomainDestroy")] public static partial int Destroy(nint domain);
    [LibraryImport(Lib, EntryPoint = "virDomainInjectNMI")] public static partial int InjectNmi(nint domain, uint flags);
    [LibraryImport(Lib, EntryPoint = "virDomainSetUserPassword", StringMarshalling = StringMarshalling.Utf8)] public static partial int SetUserPassword(nint domain, string user, string password, uint flags);
    [LibraryImport(Lib, EntryPoint = "virDomainManagedSave")] public static partial int ManagedSave(nint domain, uint flags);
    [LibraryImport(Lib, EntryPoint = "virDomainHasManagedSaveImage")] public static partial int HasManagedSave(nint domain, uint flags);
    [LibraryImport(Lib, EntryPoint = "virDomainManagedSaveRemove")] public static partial int ManagedSaveRemove(nint domain, uint flags);
    [LibraryImport(Lib, EntryPoint = "virDomainUndefineFlags")] public static partial int Undefine(nint domain, uint flags);
    [LibraryImport(Lib, EntryPoint = "virDomainAttachDeviceFlags", StringMarshalling = StringMarshalling.Utf8)] public static partial int Attach(nint domain, string xml, uint flags);
    [LibraryImport(Lib, EntryPoint = "virDomainDetachDeviceFlags", StringMarshalling = StringMarshalling.Utf8)] public static partial int Detach(nint domain, string xml, uint flags);
    [LibraryImport(Lib, EntryPoint = "virDomainGetBlockInfo", StringMarshalling = StringMarshalling.Utf8)] public static partial int BlockInfo(nint domain, string disk, ulong* info, uint flags);
    [LibraryImport(Lib, EntryPoint = "virDomainBlockResize", StringMarshalling = StringMarshalling.Utf8)] public static partial int BlockResize(nint domain, string disk, ulong size, uint flags);
    [LibraryImport(Lib, EntryPoint = "virDomainBackupBegin", StringMarshalling = StringMarshalling.Utf8)] public static partial int BackupBegin(nint domain, string xml, nint checkpoint, uint flags);
    [LibraryImport(Lib, EntryPoint = "virDomainGetJobStats")] public static partial int JobStats(nint domain, int* type, nint* parameters, int* count, uint flags);
    [LibraryImport(Lib, EntryPoint = "virDomainMigrateToURI3", StringMarshalling = StringMarshalling.Utf8)] public static partial int MoveTo(nint domain, string connection, nint parameters, uint count, uint flags);
    [LibraryImport(Lib, EntryPoint = "virTypedParamsAddString", StringMarshalling = StringMarshalling.Utf8)] public static partial int AddText(nint* parameters, int* count, int* room, string name, string value);
    [LibraryImport(Lib, EntryPoint = "virTypedParamsGetULLong", StringMarshalling = StringMarshalling.Utf8)] public static partial int Number(nint parameters, int count, string name, ulong* value);
    [LibraryImport(Lib, EntryPoint = "virTypedParamsFree")] public static partial void ParamsFree(nint parameters, int count);
    [LibraryImport(Lib, EntryPoint = "virConnectGetAllDomainStats")] public static partial int AllStats(nint connection, uint stats, DomainStats.Record*** records, uint flags);
    [LibraryImport(Lib, EntryPoint = "virDomainStatsRecordListFree")] public static partial void StatsFree(DomainStats.Record** records);
    [LibraryImport(Lib, EntryPoint = "virDomainAbortJob")] public static partial int AbortJob(nint domain);
}
