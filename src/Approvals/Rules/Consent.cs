using Xiangyun.Approvals.Plans;
using Xiangyun.Identity.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;

namespace Xiangyun.Approvals.Rules;

/// <summary>
/// Whose consent a change of the tree itself needs; it is never configured. A move: who manages the node above now and who manages the
/// one above then; asking is the consent of one's own side. An end: two people with power over the organisation, one of them above it.
/// </summary>
internal sealed class Consent(IOrganisations organisations, IPower power)
{
    public async Task<IReadOnlyList<Step>> Steps(Query q, Errand errand, Actor requester)
    {
        if (await organisations.Above(q, errand.ProjectId) is not [var parent, ..]) throw CloudError.Invalid("The cloud itself neither moves nor ends.");
        if (errand.Kind != Kinds.Deletion)
        {
            var sides = new List<Step>();
            foreach (var side in new[] { parent, (string)errand.Body["parent_id"]! })
                if (!await power.Manages(q, requester, side)) sides.Add(Manager(side));
            return sides;
        }
        if (!await power.Manages(q, requester, errand.ProjectId)) throw CloudError.Forbidden("The end of an organisation is asked for by a manager of it, or of one above it.");
        return [Manager(await power.Manages(q, requester, parent) ? errand.ProjectId : parent)];
    }

    private static Step Manager(string at) => new("manager", at, [], [], 0, false);
}
