namespace Xiangyun.Image.Data;

/// <summary>
/// The directory of image data. A file is named after its image and the upload that made it (<c>IMAGE.UPLOAD</c>, while
/// it is written <c>IMAGE.UPLOAD.part</c>), so two uploads can never write to the same one.
/// </summary>
internal sealed class ImageFiles(ImageOptions options)
{
    private readonly string _directory = Directory.CreateDirectory(options.Directory).FullName;

    public static string Name(string imageId, string uploadId) => $"{imageId}.{uploadId}";

    public static string Part(string name) => name + ".part";

    public static string ImageOf(string name) => name.Split('.')[0];

    public string Path(string name) => System.IO.Path.Combine(_directory, name);

    public IReadOnlyList<string> All() => [.. Directory.EnumerateFiles(_directory).Select(f => System.IO.Path.GetFileName(f))];

    public IReadOnlyList<string> Of(string imageId) => [.. Directory.EnumerateFiles(_directory, imageId + ".*").Select(f => System.IO.Path.GetFileName(f))];

    public DateTimeOffset WrittenAt(string name) => new(File.GetLastWriteTimeUtc(Path(name)), TimeSpan.Zero);

    /// <returns>false when the sweep has taken it because its image is gone.</returns>
    public bool Publish(string name)
    {
        try
        {
            File.Move(Path(Part(name)), Path(name));
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    public void Remove(string name) => File.Delete(Path(name));
}
