using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Xml.Linq;
using Xiangyun.Engines.Guests;
using Xiangyun.Kernel;

namespace Xiangyun.Engines.Libvirt;

/// <summary>Guests of QEMU through libvirt. Every verb looks first and then does only what is missing.</summary>
public sealed class LibvirtGuests : IGuestEngine
{
    private readonly DomainOptions _host;
    private readonly Connection _connection;

    /// <exception cref="ArgumentException">The run directory's path is too long for sockets.</exception>
    public LibvirtGuests(string uri, DomainOptions host)
    {
        if (host.Vnc(new string('0', 36)).Length > 107) throw new ArgumentException($"{host.RunDirectory} is too long: a socket's path has at most 107 bytes.");
        Directory.CreateDirectory(host.RunDirectory);
        _host = host;
        _connection = new Connection(uri, id => Changed?.Invoke(id));
    }

    public event Action<string>? Changed;

    public string BootId { get; } = HostBoot.Id();

    public async Task<EngineFacts> Facts(CancellationToken ct)
    {
        var version = await _connection.Do("version", Version, ct);
        return new EngineFacts("QEMU", version, _host.Kvm ? "kvm" : "tcg", _host.Arch, HostBoot.CpuModel(), Environment.ProcessorCount, HostBoot.MemoryMib());
    }

    public Task<IReadOnlyList<string>> List(CancellationToken ct) => _connection.Do("list", Ids, ct);

    public Task<GuestSeen?> Look(string id, CancellationToken ct) => _connection.Do("look", c =>
    {
        using var domain = Domain.Find(c, id, "look");
        if (!domain.Exists) return null;
        var (power, cause) = domain.State("look");
        var view = domain.View("look");
        ConsoleLogFile.Trim(_host.Log(id));
        return new GuestSeen(id, power, cause, [.. view.Volumes.Keys], [.. view.Nics.Keys]);
    }, ct);

    public Task<IReadOnlyList<GuestUse>> Use(CancellationToken ct) => _connection.Do("use", DomainStats.Read, ct);

    public Task<bool> Ensure(GuestSpec spec, CancellationToken ct) => _connection.Do("define", c =>
    {
        var (xml, hash) = DomainXml.Build(spec, _host);
        using (var old = Domain.Find(c, spec.Id, "define"))
            if (!old.Exists || old.View("define", stored: true).Hash != hash) Define(c, xml);
        using var domain = Domain.Need(c, spec.Id, "define");
        if (domain.State("define").Power is not (GuestPower.Running or GuestPower.Paused)) return true;
        var (plug, pull) = domain.View("define").Difference(spec, _host);
        foreach (var device in plug) domain.Plug(device.ToString(SaveOptions.DisableFormatting));
        foreach (var device in pull) domain.Pull(device.ToString(SaveOptions.DisableFormatting));
        return pull.Count == 0;
    }, ct);

    public Task EnsureRunning(string id, CancellationToken ct) => With(id, "start", domain =>
    {
        var power = domain.State("start").Power;
        if (power is GuestPower.Paused or GuestPower.Moving) domain.Resume(); // Moving: of a move that nobody carries on
        else if (power != GuestPower.Running) domain.Create();
    }, ct);

    public Task EnsurePaused(string id, CancellationToken ct) => With(id, "pause", domain =>
    {
        if (domain.State("pause").Power != GuestPower.Paused) domain.Suspend();
    }, ct);

    public Task EnsureSuspended(string id, CancellationToken ct) => With(id, "suspend", domain =>
    {
        if (domain.State("suspend").Power != GuestPower.Suspended) domain.Save();
    }, ct);

    public Task AskToStop(string id, CancellationToken ct) => With(id, "stop", domain => domain.PressButton(), ct);

    public Task EnsureStopped(string id, CancellationToken ct) => With(id, "stop", domain =>
    {
        var power = domain.State("stop").Power;
        if (power == GuestPower.Suspended) domain.DropSave();
        else if (power != GuestPower.Stopped) domain.Destroy();
    }, ct);

    public Task EnsureGone(string id, CancellationToken ct) => _connection.Do("gone", c =>
    {
        using var domain = Domain.Find(c, id, "gone");
        if (domain.Exists)
        {
            if (domain.State("gone").Power is GuestPower.Running or GuestPower.Paused or GuestPower.Moving) domain.Destroy();
            domain.Undefine();
        }
        foreach (var file in new[] { _host.Vnc(id), _host.Serial(id), _host.Log(id) }) File.Delete(file);
        return true;
    }, ct);

    public Task Grow(string id, string file, long bytes, CancellationToken ct) => With(id, "grow", domain =>
    {
        if (domain.View("grow").DeviceOf(file) is { } device) domain.Grow(device, bytes);
    }, ct);

    public Task Copy(string id, string file, string into, CancellationToken ct) => BackupJob.Run(_connection, id, file, into, ct);

    public async Task Move(string id, string address, CancellationToken ct)
    {
        await using var given = ct.Register(() => _ = With(id, "move", domain => domain.AbortJob(), CancellationToken.None));
        await _connection.DoLong("move", c =>
        {
            using var domain = Domain.Need(c, id, "move");
            domain.MoveTo(address);
            return true;
        });
    }

    public Task<MoveProgress?> Moves(string id, CancellationToken ct) => _connection.Do("move", c =>
    {
        using var domain = Domain.Find(c, id, "move");
        return domain.Exists ? domain.MoveProgress() : null;
    }, ct);

    public Task Interrupt(string id, CancellationToken ct) => With(id, "nmi", domain => domain.Interrupt(), ct);

    public Task SetPassword(string id, string user, string password, CancellationToken ct) => With(id, "password", domain => domain.SetPassword(user, password), ct);

    public Task<string> ConsoleLog(string id, int lines, CancellationToken ct) => ConsoleText.Tail(_host.Log(id), lines, ct);

    public async Task<Stream> Console(string id, ConsoleKind kind, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(kind == ConsoleKind.Vnc ? _host.Vnc(id) : _host.Serial(id)), ct);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new CloudError(ErrorKind.Conflict, "The server is not running: it has no console.", e);
        }
        return new NetworkStream(socket, ownsSocket: true);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private delegate void Verb(Domain domain);

    private Task With(string id, string verb, Verb work, CancellationToken ct) => _connection.Do(verb, c =>
    {
        using var domain = Domain.Need(c, id, verb);
        work(domain);
        return true;
    }, ct);

    private static unsafe void Define(nint connection, string xml)
    {
        const uint validate = 1;
        using var domain = new Domain(Native.Define(connection, xml, validate));
        if (!domain.Exists) throw LibvirtError.Fault("define");
    }

    private static unsafe int Version(nint connection)
    {
        ulong version;
        return Native.Version(connection, &version) < 0 ? throw LibvirtError.Fault("version") : (int)version;
    }

    private static unsafe IReadOnlyList<string> Ids(nint connection)
    {
        nint* domains;
        var count = Native.List(connection, &domains, 0);
        if (count < 0) throw LibvirtError.Fault("list");
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var name = Marshal.PtrToStringUTF8(Native.Name(domains[i])) ?? "";
            if (name.StartsWith(DomainXml.Prefix, StringComparison.Ordinal) && Id.Canonical(name[DomainXml.Prefix.Length..]) is { } id) ids.Add(id);
            _ = Native.DomainFree(domains[i]);
        }
        NativeMemory.Free(domains);
        return ids;
    }
}
