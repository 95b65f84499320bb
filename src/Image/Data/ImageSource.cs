using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Image.Images;
using Xiangyun.Store;

namespace Xiangyun.Image.Data;

/// <summary>Gives Fleet the bytes that a host misses. A deactivated image still serves the servers that were made from it.</summary>
internal sealed class ImageSource(Database database, ImageFiles files) : IImageSource
{
    public async Task<ImageBytes?> Open(string imageId, CancellationToken ct)
    {
        var row = await database.Read(q => q.Db<ImageDb>().Images.SingleOrDefaultAsync(i => i.Id == imageId && i.DataFile != null, ct), ct);
        if (row is null || !File.Exists(files.Path(row.DataFile!))) return null;
        var data = new FileStream(files.Path(row.DataFile!), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 256 * 1024, FileOptions.Asynchronous | FileOptions.SequentialScan);
        return new ImageBytes(data, row.Size!.Value, row.Sha512!, row.DiskFormat!);
    }
}
