using Xunit;

namespace Xiangyun.Testing;

/// <summary>
/// What Api tests derive from: an abstract class for each area, and two empty ones that name the database:
/// <c>public sealed class PortsOnSqlite() : Ports("sqlite");</c> and <c>PortsOnPostgres() : Ports("postgres")</c>.
/// </summary>
public abstract class CloudTests(string database) : IAsyncLifetime
{
    private Cloud? _cloud;

    protected Cloud Cloud => _cloud!;

    public virtual async ValueTask InitializeAsync() => _cloud = await Clouds.Of(database);

    public virtual ValueTask DisposeAsync()
    {
        _cloud?.Folder.NoteResult();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
