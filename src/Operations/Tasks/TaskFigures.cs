using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Figures;
using Xiangyun.Store.Tasks;

namespace Xiangyun.Operations.Tasks;

/// <summary>Long operations that are going on, and those of the last day that failed.</summary>
internal sealed class TaskFigures(TaskBook book) : IFigures
{
    public async Task<IReadOnlyList<Figure>> Of(Query q)
    {
        var all = await book.All(q, Actor.System);
        return [new("tasks.running", all.Count(t => t.State is TaskStates.Running or TaskStates.Waiting), "tasks", "/tasks?f.state=running"), new("tasks.failed", all.Count(t => t.State == TaskStates.Failed), "tasks", "/tasks?f.state=failed")];
    }
}
