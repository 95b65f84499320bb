namespace Xiangyun.Optimizer.Public;

/// <summary>One live migration, by the numbers of the estate.</summary>
public readonly record struct Move(int Vm, int From, int To);
