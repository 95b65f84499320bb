using System.Text.Json;
using System.Text.Json.Serialization;

namespace Xiangyun.Agent.Ledger;

/// <summary>What the agent must remember of a server because neither the plan nor the engine knows it.</summary>
internal sealed record Mark
{
    /// <summary>Reboots and rebuilds done, as counted by the plan.</summary>
    public long Reboots { get; init; }
    public long Rebuilds { get; init; }
    /// <summary>Generation of the plan under which it was last running; -1 = must be started.</summary>
    public long RanUnder { get; init; } = -1;
    /// <summary>The engine's boot at that time.</summary>
    public string Boot { get; init; } = "";
    /// <summary>It stopped by itself while it should run: "stopped itself" or "crashed".</summary>
    public string Stopped { get; init; } = "";
    public long StartedAt { get; init; }
    /// <summary>Generation of the plan under which its root disk was emptied for what another host copies into it; 0 = none.</summary>
    public long EmptiedUnder { get; init; }
    /// <summary>Generation of the plan under which it could not leave, so it is not tried again; and why it could not.</summary>
    public long StayedUnder { get; init; }
    public string StayedWhy { get; init; } = "";
}

/// <summary>The marks of all servers of a host in one small file.</summary>
internal sealed class Marks(string directory)
{
    private readonly string _file = Path.Combine(directory, "marks.json");
    private Dictionary<string, Mark> _marks = [];

    public void Load()
    {
        if (File.Exists(_file)) _marks = JsonSerializer.Deserialize(File.ReadAllBytes(_file), MarksJson.Default.DictionaryStringMark) ?? [];
    }

    public Mark? Find(string serverId)
    {
        lock (_file) return _marks.GetValueOrDefault(serverId);
    }

    public Mark Set(string serverId, Mark mark)
    {
        lock (_file)
        {
            if (_marks.TryGetValue(serverId, out var old) && old == mark) return mark;
            _marks[serverId] = mark;
            Save();
        }
        return mark;
    }

    public void Drop(string serverId)
    {
        lock (_file)
            if (_marks.Remove(serverId)) Save();
    }

    private void Save() => AtomicFile.Write(_file, JsonSerializer.SerializeToUtf8Bytes(_marks, MarksJson.Default.DictionaryStringMark), durable: false);
}

[JsonSerializable(typeof(Dictionary<string, Mark>))]
internal sealed partial class MarksJson : JsonSerializerContext;
