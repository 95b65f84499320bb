using Xunit.Sdk;
using Xunit.v3;

namespace Xiangyun.Lab;

/// <summary>The facts of a story run in the order of their trait `Step`: each begins where the one before ended.</summary>
public sealed class StepOrder : ITestCaseOrderer
{
    public IReadOnlyCollection<TTestCase> OrderTestCases<TTestCase>(IReadOnlyCollection<TTestCase> testCases) where TTestCase : notnull, ITestCase =>
        [.. testCases.OrderBy(c => c.Traits.TryGetValue("Step", out var step) ? step.First() : "99", StringComparer.Ordinal)];
}
