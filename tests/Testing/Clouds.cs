namespace Xiangyun.Testing;

/// <summary>One cloud for each database and test process, started when the first test asks; tests keep apart by projects.</summary>
public sealed class Clouds : IAsyncDisposable
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static readonly Dictionary<string, Cloud> Running = [];

    public static async Task<Cloud> Of(string database)
    {
        if (database == "postgres") Needs.That("postgres");
        await Gate.WaitAsync();
        try
        {
            return Running.TryGetValue(database, out var cloud) ? cloud : Running[database] = await Cloud.Start(new CloudShape { Database = database });
        }
        finally
        {
            Gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var cloud in Running.Values) await cloud.DisposeAsync();
        Running.Clear();
        await PostgresCluster.Stop();
    }
}
