namespace Xiangyun.Store.Tasks;

/// <summary>Which long operations are asked for.</summary>
/// <param name="Projects">Only of these; null = of all, the cloud's own too.</param>
/// <param name="EndedSince">What ended before this is not wanted any more.</param>
/// <param name="Most">Of those that ended, only so many, the newest.</param>
public sealed record TaskSought(IReadOnlyCollection<string>? Projects, long EndedSince, int Most);

/// <summary>
/// Each module tells the long operations of its things, as its rows and meters say at this moment: those that run, wait or failed, and the
/// last ones that ended. Nothing is written down for this alone where rows tell it already, so it cannot stick.
/// </summary>
public interface ITaskSource
{
    /// <summary>The first part of the ids of its tasks: <c>server</c>. Two sources never have the same.</summary>
    string Name { get; }

    Task<IReadOnlyList<TaskView>> Of(Query q, TaskSought sought);

    /// <param name="id">Without <see cref="Name"/> and its dot.</param>
    Task<TaskView?> Find(Query q, string id);

    /// <summary>
    /// Does what <see cref="TaskView.Can"/> offers: writes the desire, the audit row and the wake-up, as the module's own API does for the same
    /// wish and with the same checks of the caller. What is not possible any more is a <c>CloudError</c> Conflict.
    /// </summary>
    Task Do(Tx tx, string id, string verb);
}
