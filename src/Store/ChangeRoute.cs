namespace Xiangyun.Store;

/// <summary>
/// Registered by a higher module: when a <paramref name="On"/> changed, wake the reconcilers of <paramref name="Wakes"/>
/// for the ids that <paramref name="Ids"/> finds. The lower module never learns who listens.
/// </summary>
public sealed record ChangeRoute(string On, string Wakes, Func<Query, string, Task<IReadOnlyList<string>>> Ids);
