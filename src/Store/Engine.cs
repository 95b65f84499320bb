using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Xiangyun.Store;

/// <summary>What differs between SQLite (one server, the embedded default) and PostgreSQL (any number of servers).</summary>
internal abstract class Engine
{
    /// <summary>SQLite has one writer: a first-in-first-out gate in front of it beats its own busy waiting by far.</summary>
    public abstract SemaphoreSlim? WriteGate { get; }
    public abstract bool IsPostgres { get; }
    public abstract Task<DbConnection> Open(CancellationToken ct);
    /// <summary>A second connection for a writer who holds one already: never from the same pool, or two who hold the last ones wait for each other.</summary>
    public abstract Task<DbConnection> OpenAside();
    public abstract ValueTask CloseAside(DbConnection aside);
    public abstract bool IsDuplicate(DbException e);
    public abstract bool IsRace(DbException e);
    protected abstract void Use(DbContextOptionsBuilder options, DbConnection connection);

    private static readonly ConcurrentDictionary<Type, Func<DbContextOptions, ModuleContext>> Makers = new();

    public ModuleContext Context(Type type, DbConnection connection)
    {
        var builder = (DbContextOptionsBuilder)Activator.CreateInstance(typeof(DbContextOptionsBuilder<>).MakeGenericType(type))!;
        Use(builder, connection);
        builder.UseSnakeCaseNamingConvention().UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking);
        return Makers.GetOrAdd(type, Maker)(builder.Options);
    }

    private static Func<DbContextOptions, ModuleContext> Maker(Type type)
    {
        var options = System.Linq.Expressions.Expression.Parameter(typeof(DbContextOptions));
        var ctor = type.GetConstructors(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)
            .Single(c => c.GetParameters().Length == 1);
        var argument = System.Linq.Expressions.Expression.Convert(options, ctor.GetParameters()[0].ParameterType);
        return System.Linq.Expressions.Expression.Lambda<Func<DbContextOptions, ModuleContext>>(
            System.Linq.Expressions.Expression.New(ctor, argument), options).Compile();
    }

    /// <param name="url"><c>sqlite:/path/file.db</c> or <c>postgres:</c> followed by an Npgsql connection string.</param>
    public static Engine From(string url) => url.Split(':', 2) switch
    {
        ["sqlite", var file] => new SqliteEngine(file),
        ["postgres", var connection] => new PostgresEngine(connection),
        _ => throw new ArgumentException($"database '{url}': write sqlite:FILE or postgres:CONNECTION-STRING"),
    };
}

internal sealed class SqliteEngine : Engine
{
    private readonly string _connection;
    private DbConnection? _aside;

    public SqliteEngine(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        _connection = new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 30, Pooling = true }.ToString();
    }

    public override SemaphoreSlim WriteGate { get; } = new(1, 1);
    public override bool IsPostgres => false;

    /// <summary>What is written often (the head of an index) then goes from the log to the file once, not each time: with SQLite's own 1000 pages the one writer waited for the disk several times a second.</summary>
    public override async Task<DbConnection> Open(CancellationToken ct)
    {
        var connection = new SqliteConnection(_connection);
        await connection.OpenAsync(ct);
        await using var pragma = connection.CreateCommand();
        pragma.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA case_sensitive_like=ON; PRAGMA wal_autocheckpoint=8000;";
        await pragma.ExecuteNonQueryAsync(ct);
        return connection;
    }

    /// <summary>One for all: only the one writer who holds the gate asks for it.</summary>
    public override async Task<DbConnection> OpenAside() => _aside ??= await Open(CancellationToken.None);

    public override ValueTask CloseAside(DbConnection aside) => ValueTask.CompletedTask;

    public override bool IsDuplicate(DbException e) => e is SqliteException { SqliteExtendedErrorCode: 1555 or 2067 };
    public override bool IsRace(DbException e) => false;
    protected override void Use(DbContextOptionsBuilder options, DbConnection connection) => options.UseSqlite(connection, o => o.UseParameterizedCollectionMode(ParameterTranslationMode.Parameter));
}

internal sealed class PostgresEngine(string connectionString) : Engine
{
    private const int MostAside = 10;
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connectionString);
    private readonly NpgsqlDataSource _aside = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = MostAside, MinPoolSize = 0 }.ConnectionString);

    public override SemaphoreSlim? WriteGate => null;
    public override bool IsPostgres => true;
    public override async Task<DbConnection> Open(CancellationToken ct) => await _source.OpenConnectionAsync(ct);
    public override async Task<DbConnection> OpenAside() => await _aside.OpenConnectionAsync(CancellationToken.None);
    public override ValueTask CloseAside(DbConnection aside) => aside.DisposeAsync();
    public override bool IsDuplicate(DbException e) => e.SqlState == PostgresErrorCodes.UniqueViolation;
    public override bool IsRace(DbException e) => e.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected;
    protected override void Use(DbContextOptionsBuilder options, DbConnection connection) => options.UseNpgsql(connection);
}
