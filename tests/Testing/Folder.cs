using Xunit;

namespace Xiangyun.Testing;

/// <summary>Where a run keeps database, ledgers and logs. Removed when all was well, kept and named when a test failed.</summary>
public sealed class Folder
{
    public string Path { get; } = Directory.CreateTempSubdirectory("xyt-").FullName;
    public bool Failed { get; private set; }

    /// <summary>Call when a test ends: remembers whether it failed.</summary>
    public void NoteResult()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed) Failed = true;
    }

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public void Leave()
    {
        if (Failed) Console.Error.WriteLine($"A test failed: database, ledgers and logs are kept in {Path}");
        else Directory.Delete(Path, recursive: true);
    }
}
