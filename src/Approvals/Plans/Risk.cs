namespace Xiangyun.Approvals.Plans;

/// <summary>Three classes, each with its reasons in words. Pure.</summary>
internal static class Risk
{
    public static (string Class, IReadOnlyList<string> Reasons) Of(Errand errand, bool exposed, long cost, long large)
    {
        var (high, medium) = (new List<string>(), new List<string>());
        if (exposed) high.Add("something becomes reachable from outside of the cloud");
        if (errand.Kind == Kinds.Deletion) high.Add("something is deleted and does not come back");
        if (errand.Kind == Kinds.Move) medium.Add("an organisation changes hands: its old bureau loses its rights there");
        if (errand.Kind == Kinds.Right) medium.Add("somebody gets a right that lasts");
        if (errand.Kind == Kinds.Quota) medium.Add("the quota of an organisation changes");
        if (cost >= large) medium.Add("the monthly cost is large for this cloud");
        return (high.Count > 0 ? "high" : medium.Count > 0 ? "medium" : "low", [.. high, .. medium]);
    }
}
