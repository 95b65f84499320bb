namespace Xiangyun.Identity.Roles;

/// <summary>Everything that is reached from some ids over any number of steps: implied roles, the projects below a project. A cycle ends.</summary>
internal static class Closure
{
    public static HashSet<string> Of(IEnumerable<string> start, ILookup<string, string> steps)
    {
        var found = start.ToHashSet();
        var open = new Queue<string>(found);
        while (open.TryDequeue(out var id))
            foreach (var next in steps[id])
                if (found.Add(next)) open.Enqueue(next);
        return found;
    }
}
