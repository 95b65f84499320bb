namespace Xiangyun.Testing;

/// <summary>
/// A private PostgreSQL made from Debian's own programs, one for each test process: a socket in a directory of its own,
/// no TCP, settings that forget durability. Every caller gets a database of its own.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static PostgresCluster? _shared;
    private static int _databases;

    private readonly string _directory;
    private Child? _postgres;

    private PostgresCluster(string directory) => _directory = directory;

    /// <summary>Debian keeps the server's programs out of the path: the newest version that is there.</summary>
    public static string Program(string name) =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => int.TryParse(Path.GetFileName(d), out var v) ? v : 0).Select(d => $"{d}/bin/{name}").FirstOrDefault(File.Exists) ?? $"/usr/lib/postgresql/15/bin/{name}"
            : $"/usr/lib/postgresql/15/bin/{name}";

    /// <summary>A new database; the text is what a server's configuration calls <c>database</c>.</summary>
    public static async Task<string> NewDatabase()
    {
        Needs.That("postgres");
        await Gate.WaitAsync();
        try
        {
            _shared ??= await Start();
            var name = $"xy{++_databases}";
            await Child.Run(Program("psql"), "-h", _shared._directory, "-U", "postgres", "-d", "postgres", "-qc", $"CREATE DATABASE {name}");
            return $"postgres:Host={_shared._directory};Username=postgres;Database={name};Maximum Pool Size=60;Timeout=30";
        }
        finally
        {
            Gate.Release();
        }
    }

    public static async Task Stop()
    {
        if (Interlocked.Exchange(ref _shared, null) is { } cluster) await cluster.DisposeAsync();
    }

    /// <summary>The whole database as SQL text, for the folder of a failing run.</summary>
    public static Task<string> Dump(string url)
    {
        var parts = url[(url.IndexOf(':') + 1)..].Split(';').Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
        return Child.Run(Program("pg_dump"), "-h", parts["Host"], "-U", "postgres", "--inserts", parts["Database"]);
    }

    private static async Task<PostgresCluster> Start()
    {
        var cluster = new PostgresCluster(Directory.CreateTempSubdirectory("xypg-").FullName);
        var data = Path.Combine(cluster._directory, "data");
        if (Environment.UserName == "root") await Child.Run("/bin/chown", "nobody:nogroup", cluster._directory); // root may not run it
        await cluster.As("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions");
        var (program, arguments) = cluster.Command("postgres", "-D", data, "-k", cluster._directory, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "synchronous_commit=off",
            "-c", "full_page_writes=off", "-c", "max_connections=1000", "-c", "shared_buffers=128MB", "-c", "autovacuum=on");
        cluster._postgres = Child.Start(Path.Combine(cluster._directory, "postgres.log"), program, arguments);
        await Wait.Until("PostgreSQL answers", async () =>
        {
            if (cluster._postgres.Ended) throw new InvalidOperationException($"postgres ended: {await File.ReadAllTextAsync(Path.Combine(cluster._directory, "postgres.log"))}");
            return await Answers(cluster._directory);
        });
        return cluster;
    }

    private static async Task<bool> Answers(string directory)
    {
        try
        {
            await Child.Run(Program("pg_isready"), "-q", "-h", directory);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private Task<string> As(string name, params string[] arguments)
    {
        var (program, all) = Command(name, arguments);
        return Child.Run(program, [.. all]);
    }

    private (string, IReadOnlyList<string>) Command(string name, params string[] arguments) => Environment.UserName == "root"
        ? ("/usr/bin/setpriv", ["--reuid=nobody", "--regid=nogroup", "--clear-groups", "--", Program(name), .. arguments])
        : (Program(name), arguments);

    public async ValueTask DisposeAsync()
    {
        if (_postgres is not null) await _postgres.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
