using Xunit.Sdk;
using Xunit.v3;

namespace Xiangyun.Lab;

/// <summary>The facts of a story run in the order of their trait `Step`: each begins where the one before ended.</summary>
public sealed class StepOrder : ITestMethodOrderer
{
    public IReadOnlyCollection<TTestMethod?> OrderTestMethods<TTestMethod>(IReadOnlyCollection<TTestMethod?> testMethods) where TTestMethod : notnull, ITestMethod =>
        [.. testMethods.OrderBy(m => m?.Traits.GetValueOrDefault("Step")?.First() ?? "99", StringComparer.Ordinal)];
}
