using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Xiangyun.Image.Images;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Image.Data;

/// <summary>Upload and download of image data.</summary>
internal sealed class DataApi(Database database, Filling filling, ImageFiles files, TimeProvider clock) : IApi
{
    public Service Service => ImageService.Service;

    public void Map(Routes routes)
    {
        routes.Put("/images/{id}/file", "image:write", "image.upload", Upload);
        routes.Put("/images/{id}/stage", "image:write", "image.stage", Stage);
        routes.Get("/images/{id}/file", "image:read", Download);
    }

    private static void MustBeData(Call call)
    {
        var type = call.Http.Request.ContentType?.Split(';')[0].Trim();
        if (type != "application/octet-stream") throw new CloudError(ErrorKind.Invalid, $"Content-Type '{type}' is not supported; send application/octet-stream.") { Status = 415 };
        if (call.Http.Request.Headers["X-Image-Meta-Store"].FirstOrDefault() is { Length: > 0 } store && store != ImageService.Store) throw CloudError.Invalid($"There is no store {store}; there is {ImageService.Store}.");
    }

    private async Task<Answer> Stage(Call call)
    {
        MustBeData(call);
        var row = await database.Read(q => ImageStore.GetOwn(q, call.Actor, call["id"]), call.Stop);
        await filling.Stage(call.Actor, row.Id, sink => call.Http.Request.Body.CopyToAsync(sink, 1024 * 1024, call.Stop), call.Stop, new Upload(call.Http.Request.ContentLength));
        return Answer.NoContent;
    }

    private async Task<Answer> Upload(Call call)
    {
        MustBeData(call);
        var row = await database.Read(q => ImageStore.GetOwn(q, call.Actor, call["id"]), call.Stop);
        await filling.Fill(call.Actor, row.Id, sink => call.Http.Request.Body.CopyToAsync(sink, 1024 * 1024, call.Stop), call.Stop, upload: new Upload(call.Http.Request.ContentLength));
        return Answer.NoContent;
    }

    private async Task<Answer> Download(Call call)
    {
        var row = await database.Read(q => ImageStore.Get(q, call.Actor, call["id"]), call.Stop);
        if (row.DataFile is null) return Answer.NoContent;
        if (row.Deactivated && !call.Actor.IsAdmin) throw CloudError.Forbidden("The requested image has been deactivated. Image data download is forbidden.");
        var path = files.Path(row.DataFile);
        if (!File.Exists(path)) throw CloudError.Unavailable($"The data of image {row.Id} is missing in the image store (status {row.Status(clock.Ms())}).");
        var size = row.Size!.Value;
        var (from, count) = ByteRange.Parse(call.Http.Request.Headers.Range.FirstOrDefault(), size) ?? (0, size);
        var partial = count != size || call.Http.Request.Headers.Range.Count > 0;
        var answer = new Answer(partial ? 206 : 200)
        {
            Write = async http =>
            {
                http.Response.ContentType = "application/octet-stream";
                http.Response.ContentLength = count;
                await http.Features.GetRequiredFeature<IHttpResponseBodyFeature>().SendFileAsync(path, from, count, http.RequestAborted);
            },
        };
        if (partial) return answer.With("Content-Range", string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{from + count - 1}/{size}")).With("Accept-Ranges", "bytes");
        return answer.With("Content-MD5", row.Md5!).With("Accept-Ranges", "bytes");
    }
}
