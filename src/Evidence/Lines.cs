namespace Xiangyun.Evidence;

/// <summary>Reads a file line by line as bytes, with what ends each line: the checker must see every byte.</summary>
internal sealed class Lines(Stream file)
{
    private const int Longest = 16 * 1024 * 1024;
    private readonly byte[] _chunk = new byte[64 * 1024];
    private int _at;
    private int _end;

    /// <returns>The line with its newline; without one it is the last and was cut. null at the end of the file.</returns>
    /// <exception cref="FormatException">A line longer than 16 MiB.</exception>
    public byte[]? Next()
    {
        var line = new MemoryStream();
        while (true)
        {
            if (_at == _end)
            {
                (_at, _end) = (0, file.Read(_chunk));
                if (_end == 0) return line.Length == 0 ? null : line.ToArray();
            }
            var part = _chunk.AsSpan(_at, _end - _at);
            var newline = part.IndexOf((byte)'\n');
            if (newline >= 0) part = part[..(newline + 1)];
            _at += part.Length;
            line.Write(part);
            if (newline >= 0) return line.ToArray();
            if (line.Length > Longest) throw new FormatException($"a line is longer than {Longest} bytes");
        }
    }
}
