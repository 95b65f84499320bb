namespace Xiangyun.Store.Settings;

/// <summary>Small values of the whole cloud that all servers share: key rings, first-start marks.</summary>
public static class Settings
{
    public static async Task<string?> Get(Query q, string name)
    {
        await using var command = q.Command("SELECT value FROM setting WHERE name = @n", ("@n", name));
        return await command.ExecuteScalarAsync() as string;
    }

    public static async Task<IReadOnlyDictionary<string, string>> StartingWith(Query q, string prefix)
    {
        await using var command = q.Command("SELECT name, value FROM setting WHERE substr(name, 1, @l) = @p", ("@l", prefix.Length), ("@p", prefix));
        await using var reader = await command.ExecuteReaderAsync();
        var found = new Dictionary<string, string>();
        while (await reader.ReadAsync()) found.Add(reader.GetString(0), reader.GetString(1));
        return found;
    }

    public static Task Set(Tx tx, string name, string value) => tx.Run(
        "INSERT INTO setting (name, value, changed_at) VALUES (@n, @v, @t) ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at",
        ("@n", name), ("@v", value), ("@t", tx.Now));
}
