using Xiangyun.Kernel;

namespace Xiangyun.Agent.Hosts;

/// <summary>
/// The power of one simulated host: off is off (its part of the agent answers nobody and its guests are gone), and on takes the time that a machine
/// needs to boot. A file remembers off, so that a restart of the agent's process switches nothing on.
/// </summary>
internal sealed class Mains(string directory, TimeSpan boot, TimeProvider clock) : IDisposable
{
    private readonly string _file = Path.Combine(directory, "off");
    private readonly Lock _gate = new();
    private CancellationTokenSource _cut = new();
    private bool? _off;
    private long _bootedAt;
    private ITimer? _timer;

    /// <summary>The power was cut: guests are lost now.</summary>
    public Action Lost { get; set; } = () => { };
    /// <summary>The boot is over: the agent's part begins again.</summary>
    public Action Booted { get; set; } = () => { };

    public bool On
    {
        get { lock (_gate) return !Off(); }
    }

    /// <summary>On, and booted.</summary>
    public bool Answers
    {
        get { lock (_gate) return !Off() && clock.Ms() >= _bootedAt; }
    }

    /// <summary>Ends when the power goes.</summary>
    public CancellationToken Cut
    {
        get { lock (_gate) return _cut.Token; }
    }

    public void Switch(bool on)
    {
        CancellationTokenSource? cut = null;
        lock (_gate)
        {
            if (on != Off()) return;
            _off = !on;
            _timer?.Dispose();
            if (on)
            {
                File.Delete(_file);
                _bootedAt = clock.Ms() + (long)boot.TotalMilliseconds;
                _cut = new CancellationTokenSource();
                _timer = clock.CreateTimer(_ => { if (Answers) Booted(); }, null, boot, Timeout.InfiniteTimeSpan);
            }
            else
            {
                Directory.CreateDirectory(directory);
                File.WriteAllText(_file, "");
                cut = _cut;
            }
        }
        if (cut is null) return;
        cut.Cancel();
        Lost();
    }

    private bool Off() => _off ??= File.Exists(_file);

    public void Dispose()
    {
        _timer?.Dispose();
        _cut.Dispose();
    }
}
