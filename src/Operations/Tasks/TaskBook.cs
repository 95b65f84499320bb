using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Tasks;

namespace Xiangyun.Operations.Tasks;

/// <summary>All sources as one list, the newest first.</summary>
internal sealed class TaskBook(IEnumerable<ITaskSource> sources, Sight sight)
{
    /// <summary>How long what has ended is listed, and how many of each source at most.</summary>
    private const long Kept = 24L * 3_600_000;
    private const int MostEnded = 1000;
    private readonly Dictionary<string, ITaskSource> _sources = sources.ToDictionary(s => s.Name);

    /// <param name="ended">Also what has ended; without it, it costs little.</param>
    public async Task<IReadOnlyList<TaskView>> All(Query q, Actor actor, bool ended = true)
    {
        var (nodes, found) = (await sight.Nodes(q, actor), new List<TaskView>());
        foreach (var source in _sources.Values) found.AddRange(await source.Of(q, new TaskSought(nodes, q.Now - Kept, ended ? MostEnded : 0)));
        return [.. found.OrderByDescending(t => t.StartedAt).ThenByDescending(t => t.Id, StringComparer.Ordinal)];
    }

    /// <summary>The task, when the caller may see it.</summary>
    public async Task<(TaskView Task, ITaskSource Source)> Find(Query q, Actor actor, string id)
    {
        if (id.IndexOf('.') is > 0 and var dot && _sources.TryGetValue(id[..dot], out var source) && await source.Find(q, id[(dot + 1)..]) is { } task && Sees(await sight.Nodes(q, actor), task)) return (task, source);
        throw CloudError.NotFound($"There is no task {id}.");
    }

    private static bool Sees(IReadOnlyList<string>? nodes, TaskView task) => nodes is null || (task.ProjectId ?? task.DomainId) is { } node && nodes.Contains(node);

    public static IReadOnlyList<string> Can(TaskView task, Actor actor) =>
        task.Can.Count == 0 || !Wire.Rules.Allows(task.Rule, actor) || !(actor.IsAdmin || task.ProjectId is { } project && actor.MaySee(project)) || task.OnlyByWhoAsked && task.UserId != actor.UserId ? [] : task.Can;
}
