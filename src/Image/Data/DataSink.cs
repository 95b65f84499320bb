using System.Security.Cryptography;
using Xiangyun.Kernel;
using Xiangyun.Store.Tasks;

namespace Xiangyun.Image.Data;

/// <summary>A file that is written once: counts, hashes on the way, and refuses more than it may hold.</summary>
internal sealed class DataSink(string path, long most) : Stream
{
    private const int DiskFull = 28; // ENOSPC
    private readonly FileStream _file = new(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, Options = FileOptions.Asynchronous });
    private readonly IncrementalHash _md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    private readonly IncrementalHash _sha512 = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);

    public long Size { get; private set; }

    /// <summary>Counts what flows.</summary>
    public Meter? Meter { get; init; }

    /// <summary>To disk, and the two digests in lower-case hex.</summary>
    public (string Md5, string Sha512) Finish()
    {
        _file.Flush(flushToDisk: true);
        return (Convert.ToHexStringLower(_md5.GetHashAndReset()), Convert.ToHexStringLower(_sha512.GetHashAndReset()));
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Size + buffer.Length > most) throw CloudError.OverLimit($"The image does not fit into the project's image quota: at most {most} bytes are left. Delete what is not needed or ask for a larger quota.");
        try
        {
            await _file.WriteAsync(buffer, cancellationToken);
        }
        catch (IOException e) when ((e.HResult & 0xFFFF) == DiskFull)
        {
            throw new CloudError(ErrorKind.OverLimit, "There is not enough disk space on the image storage media.", e);
        }
        _md5.AppendData(buffer.Span);
        _sha512.AppendData(buffer.Span);
        Size += buffer.Length;
        Meter?.Is(Size);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();
    public override void Flush() => _file.Flush();

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => Size;
    public override long Position { get => Size; set => throw new NotSupportedException(); }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
            _md5.Dispose();
            _sha512.Dispose();
        }
        base.Dispose(disposing);
    }
}
