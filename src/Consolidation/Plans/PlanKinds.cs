namespace Xiangyun.Consolidation.Plans;

/// <summary>What a plan is for.</summary>
internal static class PlanKinds
{
    public const string Plan = "plan", Undo = "undo", Rescue = "rescue";
    public static readonly string[] All = [Plan, Undo, Rescue];
}
