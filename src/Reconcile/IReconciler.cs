using Xiangyun.Store;

namespace Xiangyun.Reconcile;

/// <summary>
/// Makes one kind of object what its row wants. The input is a key only: read everything, decide, act, and write back
/// what was seen with a compare-and-set on the generation. No retries inside: what is thrown is kept in the work table
/// and tried again with a growing delay. One key is never worked on twice at once.
/// </summary>
public interface IReconciler
{
    string Kind { get; }

    /// <returns>When to look again; <see cref="Next.Done"/> when the world equals the desire.</returns>
    Task<Next> Reconcile(string id, CancellationToken ct);

    /// <summary>Every key there is: a periodic full pass looks at each, so that a lost wake-up heals.</summary>
    Task<IReadOnlyList<string>> Keys(Query q);

    TimeSpan FullPass => TimeSpan.FromMinutes(10);
}

public readonly record struct Next(TimeSpan? After)
{
    public static readonly Next Done = new(null);
    public static Next In(TimeSpan after) => new(after);
}
