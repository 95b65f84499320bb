using System.Text.Json;
using Xiangyun.Compute.Servers;

namespace Xiangyun.Compute.Actions;

/// <summary>What a server was before a resize or a move that is not confirmed yet; a live move confirms itself. <see cref="MigrationId"/> also holds its old allocation.</summary>
internal sealed record Before(string MigrationId, string HostId, string FlavorId, int Vcpus, int RamMib, int DiskGib, string? DiskImageId, string DiskImageSha512, bool Live = false)
{
    public static Before? Of(ServerRow row) => row.ResizeFrom is null ? null : JsonSerializer.Deserialize<Before>(row.ResizeFrom);

    public static Before Now(ServerRow row, string migrationId) =>
        new(migrationId, row.HostId!, row.FlavorId, row.Vcpus, row.RamMib, row.DiskGib, row.DiskImageId, row.DiskImageSha512);

    public string Text() => JsonSerializer.Serialize(this);
}
