using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Store.Quotas;

namespace Xiangyun.Store;

/// <summary>One connection, seen through the context of whichever module asks. Reads only.</summary>
public class Query : IAsyncDisposable
{
    private readonly Dictionary<Type, ModuleContext> _contexts = [];

    internal Query(Engine engine, DbConnection connection, DbTransaction? transaction, long now, QuotaTree tree)
    {
        Engine = engine;
        Connection = connection;
        Transaction = transaction;
        Now = now;
        Tree = tree;
    }

    /// <summary>Milliseconds since 1970 when this began: the time of everything that a transaction writes.</summary>
    public long Now { get; }

    internal QuotaTree Tree { get; }
    internal Engine Engine { get; }
    internal DbConnection Connection { get; }
    internal DbTransaction? Transaction { get; }
    /// <summary>Connection and transaction are somebody else's and stay open.</summary>
    internal bool Shared { get; init; }
    internal IEnumerable<ModuleContext> Contexts => _contexts.Values;

    public T Db<T>() where T : ModuleContext
    {
        if (_contexts.TryGetValue(typeof(T), out var known)) return (T)known;
        var made = Engine.Context(typeof(T), Connection);
        made.Now = Now;
        if (Transaction is not null) made.Database.UseTransaction(Transaction);
        _contexts.Add(typeof(T), made);
        return (T)made;
    }

    internal DbCommand Command(string sql, params (string Name, object? Value)[] values)
    {
        var command = Connection.CreateCommand();
        command.Transaction = Transaction;
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }
        return command;
    }

    internal async Task<int> Run(string sql, params (string, object?)[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var context in _contexts.Values) await context.DisposeAsync();
        if (!Shared)
        {
            if (Transaction is not null) await Transaction.DisposeAsync();
            await Connection.DisposeAsync();
        }
        GC.SuppressFinalize(this);
    }
}
