using System.Runtime.InteropServices;
using Xiangyun.Engines.Guests;
using Xiangyun.Kernel;

namespace Xiangyun.Engines.Libvirt;

/// <summary>One domain handle for the length of one call, and the calls on it. Numbers are libvirt's enumerations.</summary>
internal readonly unsafe ref struct Domain(nint handle) : IDisposable
{
    /// <summary>Live, peer to peer, defined there and not here any more, with all disks that are written to, slowing down a guest that writes faster than it can be copied, encrypted.</summary>
    private const uint MoveFlags = 1 | 2 | 8 | 16 | 64 | 8192 | 65536;
    private const uint Inactive = 2;
    private const uint Live = 1;
    private const uint AcpiButton = 1;
    private const uint EveryLeftover = 1 | 2 | 4 | 16; // managed save, snapshot and checkpoint metadata, nvram

    public bool Exists => handle != 0;

    /// <exception cref="EngineFault">The look-up itself failed.</exception>
    public static Domain Find(nint connection, string id, string verb)
    {
        var handle = Native.Lookup(connection, id);
        if (handle == 0 && LibvirtError.Code() != LibvirtError.NoDomain) throw LibvirtError.Fault(verb);
        return new Domain(handle);
    }

    public static Domain Need(nint connection, string id, string verb)
    {
        var domain = Find(connection, id, verb);
        return domain.Exists ? domain : throw new EngineFault("libvirt", verb, $"there is no domain {DomainXml.NameOf(id)}", transient: true);
    }

    public (GuestPower Power, StopCause Cause) State(string verb)
    {
        int state, reason;
        Check(Native.State(handle, &state, &reason, 0), verb);
        return state switch
        {
            1 or 2 or 4 => (GuestPower.Running, StopCause.None), // running, blocked, shutting down
            3 when reason is 2 or 11 => (GuestPower.Moving, StopCause.None), // waits at either end of a move
            3 or 7 => (GuestPower.Paused, StopCause.None), // paused, asleep
            _ when Native.HasManagedSave(handle, 0) == 1 => (GuestPower.Suspended, StopCause.None),
            6 => (GuestPower.Stopped, StopCause.Crash),
            _ => (GuestPower.Stopped, reason switch { 1 => StopCause.Itself, 2 => StopCause.Asked, 3 => StopCause.Crash, _ => StopCause.Unknown }),
        };
    }

    public DomainView View(string verb, bool stored = false)
    {
        var text = Native.Xml(handle, stored ? Inactive : 0);
        if (text == 0) throw LibvirtError.Fault(verb);
        var xml = Marshal.PtrToStringUTF8(text)!;
        NativeMemory.Free((void*)text);
        return new DomainView(xml);
    }

    public void Create() => Check(Native.Create(handle), "start");
    public void Resume() => Check(Native.Resume(handle), "resume");
    public void Suspend() => Check(Native.Suspend(handle), "pause");
    public void Save() => Check(Native.ManagedSave(handle, 0), "suspend");
    public void PressButton() => CheckRunning(Native.Shutdown(handle, AcpiButton), "stop");
    public void Destroy() => CheckRunning(Native.Destroy(handle), "stop");
    public void DropSave() => Check(Native.ManagedSaveRemove(handle, 0), "stop");
    public void Undefine() => Check(Native.Undefine(handle, EveryLeftover), "gone");
    public void Plug(string xml) => Check(Native.Attach(handle, xml, Live), "attach");

    public void Interrupt() => Check(Native.InjectNmi(handle, 0), "nmi");
    public void SetPassword(string user, string password) => Check(Native.SetUserPassword(handle, user, password, 0), "password");

    /// <summary>Asks the guest to let go; it does so in its own time.</summary>
    public void Pull(string xml)
    {
        if (Native.Detach(handle, xml, Live) >= 0) return;
        var fault = LibvirtError.Fault("detach");
        if (fault.ExitCode != LibvirtError.DeviceMissing && !fault.Message.Contains("process of unplug", StringComparison.Ordinal)) throw fault;
    }

    public void Grow(string device, long bytes)
    {
        var info = stackalloc ulong[3]; // capacity, allocation, physical
        Check(Native.BlockInfo(handle, device, info, 0), "grow");
        if (info[0] < (ulong)bytes) Check(Native.BlockResize(handle, device, (ulong)bytes, 1), "grow");
    }

    public void BeginBackup(string xml) => Check(Native.BackupBegin(handle, xml, 0, 0), "copy");

    /// <returns>0 = none under way; with <paramref name="completed"/>: 3 = completed, 4 = failed.</returns>
    public int Job(bool completed)
    {
        int type, count;
        nint parameters;
        Check(Native.JobStats(handle, &type, &parameters, &count, completed ? 1u : 0u), "copy");
        Native.ParamsFree(parameters, count);
        return type;
    }

    /// <summary>Blocks until the guest runs on the other host (or, after a fault, on this one again).</summary>
    public void MoveTo(string address)
    {
        nint parameters = 0;
        int count = 0, room = 0;
        Check(Native.AddText(&parameters, &count, &room, "migrate_uri", "tcp://" + address), "move");
        try
        {
            Check(Native.MoveTo(handle, $"qemu+tls://{address}/system", parameters, (uint)count, MoveFlags), "move");
        }
        finally
        {
            Native.ParamsFree(parameters, count);
        }
    }

    public MoveProgress? MoveProgress()
    {
        int type, count;
        nint parameters;
        Check(Native.JobStats(handle, &type, &parameters, &count, 0), "move");
        ulong done = 0, total = 0;
        _ = Native.Number(parameters, count, "data_processed", &done); // absent at the very beginning
        _ = Native.Number(parameters, count, "data_total", &total);
        Native.ParamsFree(parameters, count);
        return type == 0 ? null : new MoveProgress((long)done, (long)total);
    }

    public void AbortJob() => _ = Native.AbortJob(handle); // it may have ended meanwhile

    public void Dispose()
    {
        if (handle != 0) _ = Native.DomainFree(handle);
    }

    private static void Check(int answer, string verb)
    {
        if (answer < 0) throw LibvirtError.Fault(verb);
    }

    private static void CheckRunning(int answer, string verb)
    {
        if (answer < 0 && LibvirtError.Code() is not (LibvirtError.OperationInvalid or LibvirtError.NoDomain)) throw LibvirtError.Fault(verb);
    }
}
