using System.IO.Pipelines;

namespace Xiangyun.Engines.Simulated;

/// <summary>Two streams in memory that are each other's other end, like the two ends of a socket.</summary>
internal sealed class DuplexStream(Stream reader, Stream writer) : Stream
{
    public static (Stream Ours, Stream Theirs) Pair()
    {
        var up = new Pipe();
        var down = new Pipe();
        return (new DuplexStream(down.Reader.AsStream(), up.Writer.AsStream()), new DuplexStream(up.Reader.AsStream(), down.Writer.AsStream()));
    }

    public override bool CanRead => true;
    public override bool CanWrite => true;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() => writer.Flush();
    public override Task FlushAsync(CancellationToken ct) => writer.FlushAsync(ct);
    public override int Read(byte[] buffer, int offset, int count) => reader.Read(buffer, offset, count);
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct = default) => reader.ReadAsync(buffer, ct);
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken ct) => reader.ReadAsync(buffer, offset, count, ct);
    public override void Write(byte[] buffer, int offset, int count) => writer.Write(buffer, offset, count);
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken ct = default) => writer.WriteAsync(buffer, ct);
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken ct) => writer.WriteAsync(buffer, offset, count, ct);
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            writer.Dispose();
            reader.Dispose();
        }
        base.Dispose(disposing);
    }
}
