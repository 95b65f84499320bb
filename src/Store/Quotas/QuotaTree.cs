using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;

namespace Xiangyun.Store.Quotas;

/// <summary>Where a node stands among the organisations: the cloud, its domains, their projects. Identity knows.</summary>
public interface IOrganisations
{
    /// <summary>What lies above, nearest first, up to <see cref="Quotas.Cloud"/>.</summary>
    Task<IReadOnlyList<string>> Above(Query q, string id);

    Task<IReadOnlyList<OrganisationNode>> All(Query q);

    /// <summary>Nothing lies below this project.</summary>
    Task<bool> Leaf(Query q, string projectId);
}

/// <summary>A module counts what it keeps.</summary>
public interface IQuotaUse
{
    /// <summary>The limits that organisations may divide: <c>compute.cores</c> and so on, with their units.</summary>
    IReadOnlyDictionary<string, string> Units { get; }

    Task<long> Used(Query q, string resource, IReadOnlyCollection<string> projects);

    /// <summary>Why these projects cannot be bounded yet: they use something of which nobody can say how much; null = they can.</summary>
    Task<string?> Boundless(Query q, string resource, IReadOnlyCollection<string> projects) => Task.FromResult<string?>(null);
}

/// <summary>
/// Grants over the tree. One invariant, kept under every race: a node's handed-out grants and the use of those who share
/// the rest never exceed its grant.
/// Who uses holds a shared lock, who divides an exclusive one.
/// </summary>
public sealed class QuotaTree(IOrganisations? organisations, IEnumerable<IQuotaUse> uses)
{
    /// <summary>The lock of everybody who changes grants or loans.</summary>
    public const string Divided = "quota-tree";

    private readonly Dictionary<string, IQuotaUse> _uses = uses.SelectMany(u => u.Units.Keys.Select(r => (r, u))).ToDictionary(p => p.r, p => p.u);

    /// <summary>The resources that can be divided, with their units.</summary>
    public IReadOnlyDictionary<string, string> Units { get; } = uses.SelectMany(u => u.Units).OrderBy(u => u.Key, StringComparer.Ordinal).ToDictionary();

    /// <summary>The node and what lies above it, up to the cloud.</summary>
    public async Task<IReadOnlyList<string>> PathOf(Query q, string id) => organisations is null ? [id] : [id, .. await organisations.Above(q, id)];

    public async Task<Carving> Read(Query q, string resource)
    {
        var granted = await q.Db<QuotaDb>().Quota.Where(r => r.Resource == resource && r.Value >= 0).ToDictionaryAsync(r => r.ProjectId, r => r.Value);
        return new Carving(organisations is null ? [] : await organisations.All(q), granted);
    }

    /// <summary>What a node and everything below it uses.</summary>
    public Task<long> Used(Query q, string resource, IReadOnlyCollection<string> projects) =>
        projects.Count > 0 && _uses.TryGetValue(resource, out var use) ? use.Used(q, resource, projects) : Task.FromResult(0L);

    /// <summary>What a node with a grant may still use.</summary>
    public async Task<long> ToUse(Query q, Carving carving, string resource, string id)
    {
        var (borrowed, lent) = await Loans.Of(q, id, resource);
        return carving.Grant(id) + borrowed - lent - carving.HandedOut(id) - await Used(q, resource, [.. carving.Sharing(id)]);
    }

    /// <summary>What it may still hand out or lend: what was borrowed is for its own use, because it goes back.</summary>
    public async Task<long> ToGive(Query q, Carving carving, string resource, string id)
    {
        var (borrowed, lent) = await Loans.Of(q, id, resource);
        return carving.Grant(id) - lent - carving.HandedOut(id) - Math.Max(0, await Used(q, resource, [.. carving.Sharing(id)]) - borrowed);
    }

    /// <summary>Whether somebody bounds what this project uses. Ask it under <see cref="Divided"/>, shared.</summary>
    public async Task<bool> Divides(Query q, string projectId, string resource) => (await Read(q, resource)).Source(projectId) is not null;

    /// <summary>
    /// Before a project uses more: the one whose quota it shares must have that much left. One with a grant of its own and nobody below it is
    /// counted by its service.
    /// </summary>
    public async Task MustHaveRoom(Tx tx, string projectId, IReadOnlyDictionary<string, long> wanted)
    {
        var resources = wanted.Where(w => w.Value > 0 && _uses.ContainsKey(w.Key)).Select(w => w.Key).ToList();
        if (organisations is null || resources.Count == 0) return;
        await tx.LockShared(Divided);
        var above = await organisations.Above(tx, projectId);
        var path = await organisations.Leaf(tx, projectId) ? above : [projectId, .. above];
        foreach (var resource in await tx.Db<QuotaDb>().Quota.Where(r => path.Contains(r.ProjectId) && resources.Contains(r.Resource) && r.Value >= 0).Select(r => r.Resource).Distinct().OrderBy(r => r).ToListAsync())
        {
            var carving = await Read(tx, resource);
            if (carving.Has(projectId) && !path.Contains(projectId) || carving.Source(projectId) is not { } holder) continue;
            await MustHaveLeft(tx, carving, resource, holder, wanted[resource]);
        }
    }

    /// <summary>Before several projects use more of one thing at once: each whose quota is used must have room for all of them together.</summary>
    public async Task MustHaveRoomEach(Tx tx, string resource, IReadOnlyDictionary<string, long> wanted)
    {
        await tx.LockShared(Divided);
        var carving = await Read(tx, resource);
        foreach (var share in wanted.GroupBy(w => carving.Source(w.Key), w => w.Value).OrderBy(s => s.Key, StringComparer.Ordinal))
            if (share.Key is { } holder) await MustHaveLeft(tx, carving, resource, holder, share.Sum());
    }

    /// <summary>Before something is made directly below a node: the node itself, or whoever's quota it shares, must have that much left. Nobody uses quota meanwhile: what was counted as a project with nothing below it may be none any more.</summary>
    public async Task MustHaveRoomBelow(Tx tx, string id, string resource, long wanted)
    {
        await tx.Lock(Divided);
        var carving = await Read(tx, resource);
        if (carving.Source(id) is { } holder) await MustHaveLeft(tx, carving, resource, holder, wanted);
    }

    private async Task MustHaveLeft(Tx tx, Carving carving, string resource, string holder, long wanted)
    {
        await tx.Lock($"quota-tree:{holder}:{resource}");
        var rest = await ToUse(tx, carving, resource, holder);
        if (wanted > rest)
            throw CloudError.OverLimit($"Quota exceeded for {resource}: requested {wanted}, but the organisation {holder}, whose quota is shared here, has {Math.Max(0, rest)} left. Ask its administrator for a larger quota or a loan.", "OverQuota");
    }

    /// <summary>
    /// After a node hangs elsewhere: what it and those below it have or use must come out of what is above it now. The caller holds the lock
    /// <see cref="Divided"/>.
    /// </summary>
    public async Task MustHold(Tx tx, string id)
    {
        var above = (await PathOf(tx, id)).Skip(1).ToList();
        foreach (var resource in await tx.Db<QuotaDb>().Quota.Where(r => above.Contains(r.ProjectId) && r.Value >= 0).Select(r => r.Resource).Distinct().OrderBy(r => r).ToListAsync())
        {
            var carving = await Read(tx, resource);
            if (!_uses.ContainsKey(resource) || carving.Holder(id) is not { } holder) continue;
            var rest = await ToGive(tx, carving, resource, holder);
            await MustBeBounded(tx, carving, resource, id);
            if (rest < 0) throw CloudError.OverLimit($"Quota exceeded for {resource}: {holder}, below which {id} would be, lacks {-rest} for it. Raise its quota or lower that of {id} first.", "OverQuota");
        }
    }

    private async Task MustBeBounded(Tx tx, Carving carving, string resource, string id)
    {
        if (await _uses[resource].Boundless(tx, resource, [.. carving.Below(id)]) is { } why) throw CloudError.Conflict($"The quota {resource} cannot bound {id} yet: {why}");
    }

    /// <summary>Before a node is given a grant (or none: null): it must cover what is already below, and come out of what is above.</summary>
    public async Task MustFit(Tx tx, string id, string resource, long? value)
    {
        if (organisations is null || !_uses.ContainsKey(resource)) return;
        await tx.Lock(Divided);
        var before = await Read(tx, resource);
        var after = before.With(id, value is >= 0 ? value : null);
        var holder = before.Holder(id);
        var lent = (await Loans.Of(tx, id, resource)).Lent;
        if (value is >= 0 && before.Source(id) is null) await MustBeBounded(tx, after, resource, id);
        if (lent > 0 && value is not >= 0) throw CloudError.Conflict($"The quota {resource} of {id} is lent; it needs a number until the loan is over.");
        if (holder is null && !before.Handed(id).Any() && lent == 0) return; // nobody above or below divides this: an ordinary limit, as OpenStack has it
        if (value is >= 0)
        {
            var missing = -await ToGive(tx, after, resource, id);
            if (missing > 0) throw CloudError.Invalid($"The quota {resource} of {id} cannot be {value}: {value + missing} are already used, handed out or lent.");
        }
        if (holder is null) return;
        var rest = await ToGive(tx, after, resource, holder);
        if (rest < 0) throw CloudError.Invalid($"The quota {resource} of {id} cannot be {value}: {holder} above it would be overdrawn by {-rest}. The most that fits is {(value ?? 0) + rest}.");
    }
}
