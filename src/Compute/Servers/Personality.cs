using System.Text.Json;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Servers;

/// <summary>A file that its owner wants in the guest (until 2.56): it travels on the config drive and by the metadata service, and cloud-init writes it.</summary>
internal sealed record Personality(string Path, string Contents)
{
    private const int MostFiles = 5;
    private const int MostBytes = 10_240;

    /// <summary>null = nothing said.</summary>
    public static IReadOnlyList<Personality>? Read(Fields body, Call call)
    {
        if (call.AtLeast(57)) return null;
        var files = body.ObjectsOr("personality")?.Select(f =>
        {
            var (path, contents) = (f.Text("path", 1, 4096), f.Text("contents", 0, 1_000_000));
            f.Done();
            var bytes = new byte[contents.Length];
            if (!Convert.TryFromBase64String(contents, bytes, out var length)) throw CloudError.Invalid($"Personality content for {path} cannot be decoded");
            if (path.Length > 255) throw CloudError.OverLimit("Quota exceeded: Personality file path too long");
            if (length > MostBytes) throw CloudError.OverLimit("Quota exceeded: Personality file content too long");
            return new Personality(path, contents);
        }).ToList();
        return files?.Count > MostFiles ? throw CloudError.OverLimit($"Quota exceeded: Personality file limit exceeded ({MostFiles})") : files;
    }

    public static IReadOnlyList<Personality> Of(ServerRow row) => JsonSerializer.Deserialize<List<Personality>>(row.Personality)!;

    public static string Text(IReadOnlyList<Personality>? files) => files is null or { Count: 0 } ? "[]" : JsonSerializer.Serialize(files);
}
