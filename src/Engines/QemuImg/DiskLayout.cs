using Xiangyun.Kernel;

namespace Xiangyun.Engines.QemuImg;

/// <summary>Where things lie under the state directory. Ids come over the network: only canonical UUIDs become paths.</summary>
internal sealed class DiskLayout
{
    /// <summary>Ending of what is still being made; removed at start.</summary>
    public const string Unfinished = ".part";

    private int _number;

    public DiskLayout(string state)
    {
        State = state;
        foreach (var directory in new[] { Images, Servers, Volumes, Scratches }) Directory.CreateDirectory(directory);
        foreach (var file in Directory.EnumerateFiles(state, "*" + Unfinished, new EnumerationOptions { RecurseSubdirectories = true })) File.Delete(file);
        foreach (var file in Directory.EnumerateFiles(Scratches)) File.Delete(file);
    }

    public string State { get; }
    public string Images => Path.Combine(State, "images");
    public string Servers => Path.Combine(State, "servers");
    public string Volumes => Path.Combine(State, "volumes");
    private string Scratches => Path.Combine(State, "scratch");

    public string Image(string id, string format) => Path.Combine(Images, $"{Safe(id)}.{(format == "raw" ? "raw" : "qcow2")}");
    public string Server(string id) => Path.Combine(Servers, Safe(id));
    public string Root(string id, long made) => Path.Combine(Server(id), $"root-{made}.qcow2");
    public string Rescue(string id, string imageId) => Path.Combine(Server(id), $"rescue-{Safe(imageId)}.qcow2");
    public string ConfigDrive(string id) => Path.Combine(Server(id), "config.iso");
    public string Volume(string id, long content, bool raw) => Path.Combine(Volumes, $"{Safe(id)}{(content == 0 ? "" : $".{content}")}.{(raw ? "raw" : "qcow2")}");

    /// <summary>Every file of a volume with its content, the newest first.</summary>
    public IReadOnlyList<(string File, long Content)> VolumeFiles(string id) =>
        [.. Directory.EnumerateFiles(Volumes, Safe(id) + ".*").Where(Whole).Select(f => (f, Content(f))).OrderByDescending(f => f.Item2)];

    /// <summary>The ids of the volumes that have a file here.</summary>
    public IReadOnlyList<string> VolumeIds => [.. Directory.EnumerateFiles(Volumes).Where(Whole).Select(f => Path.GetFileName(f)[..Math.Min(36, Path.GetFileName(f).Length)]).Where(n => Id.Canonical(n) == n).Distinct()];

    private static bool Whole(string file) => Path.GetExtension(file) is ".qcow2" or ".raw";

    private static long Content(string file) => Path.GetFileName(file).Split('.') is [_, var number, _] && long.TryParse(number, out var content) ? content : 0;

    public string Scratch() => Path.Combine(Scratches, $"copy-{Interlocked.Increment(ref _number)}.qcow2");
    public string Part(string file) => $"{file}.{Interlocked.Increment(ref _number)}{Unfinished}";

    private static string Safe(string id) => Id.Canonical(id) == id ? id : throw new EngineFault("disks", "name", $"'{id}' is not an id", transient: false);
}
