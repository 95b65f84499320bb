using Microsoft.Extensions.Logging;

namespace Xiangyun.Testing;

/// <summary>The log of a server in the test's process, as one file.</summary>
internal sealed class FileLog(string file) : ILoggerProvider
{
    private readonly StreamWriter _writer = new(new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };

    public ILogger CreateLogger(string category) => new Lines(this, category);

    public void Dispose()
    {
        lock (_writer) _writer.Dispose();
    }

    private void Write(string line)
    {
        lock (_writer)
        {
            if (_writer.BaseStream is { CanWrite: true }) _writer.WriteLine(line);
        }
    }

    private sealed class Lines(FileLog owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel level) => level >= LogLevel.Information;
        public void Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> format) =>
            owner.Write($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {level} {category}[{id.Id}] {format(state, exception)} {exception}");
    }
}
