using Xiangyun.Agent.Ledger;
using Xiangyun.Protocol;

namespace Xiangyun.Agent.Watching;

/// <summary>
/// What is seen on the host now. Turns write it, watchers are told what changed since they last looked: changes
/// coalesce, so a slow watcher gets fewer messages, never old ones.
/// </summary>
internal sealed class Board
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ServerSeen> _servers = [];
    private readonly Dictionary<string, VolumeSeen> _volumes = [];
    private readonly Dictionary<Key, MissingImage> _missing = [];
    private readonly List<Watcher> _watchers = [];
    private string[] _orphans = [];

    public ServerSeen? Server(string id)
    {
        lock (_gate) return _servers.GetValueOrDefault(id);
    }

    public VolumeSeen? Volume(string id)
    {
        lock (_gate) return _volumes.GetValueOrDefault(id);
    }

    /// <summary>The server that has the volume attached, or null.</summary>
    public string? UserOf(string volumeId)
    {
        lock (_gate) return _servers.Values.FirstOrDefault(s => s.VolumeIds.Contains(volumeId))?.Id;
    }

    public int Running
    {
        get { lock (_gate) return _servers.Values.Count(s => s.Power is Power.Running or Power.Paused); }
    }

    public void Set(ServerSeen seen)
    {
        lock (_gate)
        {
            if (_servers.TryGetValue(seen.Id, out var old) && old.Equals(seen)) return;
            _servers[seen.Id] = seen;
            Tell(Key.Server(seen.Id));
        }
    }

    public void Set(VolumeSeen seen)
    {
        lock (_gate)
        {
            if (_volumes.TryGetValue(seen.Id, out var old) && old.Equals(seen)) return;
            _volumes[seen.Id] = seen;
            Tell(Key.Volume(seen.Id));
        }
    }

    public void Drop(Key key)
    {
        lock (_gate)
        {
            if (key.Kind == Kind.Server) _servers.Remove(key.Id);
            if (key.Kind == Kind.Volume) _volumes.Remove(key.Id);
            if (_missing.Remove(key)) Tell(null);
        }
    }

    /// <summary>The key waits for this image, or (null) no longer.</summary>
    public void Waits(Key key, MissingImage? image)
    {
        lock (_gate)
        {
            if (image is null ? !_missing.Remove(key) : _missing.TryGetValue(key, out var old) && old.Equals(image)) return;
            if (image is not null) _missing[key] = image;
            Tell(null);
        }
    }

    public IReadOnlyList<Key> WaitingFor(string imageId)
    {
        lock (_gate) return [.. _missing.Where(m => m.Value.ImageId == imageId).Select(m => m.Key)];
    }

    public void Orphans(IEnumerable<string> orphans)
    {
        lock (_gate)
        {
            var now = orphans.Order().ToArray();
            if (now.SequenceEqual(_orphans)) return;
            _orphans = now;
            Tell(null);
        }
    }

    public Watcher Watch()
    {
        var watcher = new Watcher(this);
        lock (_gate) _watchers.Add(watcher);
        return watcher;
    }

    internal void Leave(Watcher watcher)
    {
        lock (_gate) _watchers.Remove(watcher);
    }

    /// <param name="changed">What the watcher was not told yet; emptied.</param>
    internal Seen Compose(bool full, HashSet<Key> changed)
    {
        var seen = new Seen { Full = full };
        lock (_gate)
        {
            foreach (var key in full ? _servers.Keys.Select(Key.Server).Concat(_volumes.Keys.Select(Key.Volume)) : changed)
            {
                if (key.Kind == Kind.Server && _servers.TryGetValue(key.Id, out var server)) seen.Servers.Add(server);
                if (key.Kind == Kind.Volume && _volumes.TryGetValue(key.Id, out var volume)) seen.Volumes.Add(volume);
            }
            seen.MissingImages.Add(_missing.Values.DistinctBy(m => m.ImageId));
            seen.Orphans.Add(_orphans);
            changed.Clear();
        }
        return seen;
    }

    private void Tell(Key? key)
    {
        foreach (var watcher in _watchers) watcher.Note(key);
    }
}
