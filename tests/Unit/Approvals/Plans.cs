using System.Text.Json.Nodes;
using Xiangyun.Approvals.Plans;
using Xiangyun.Kernel;
using Xiangyun.Store.Audit;
using Xiangyun.Wire;

namespace Xiangyun.Unit.Approvals;

public sealed class Plans
{
    private static readonly Actor Asker = new() { UserId = "u", UserName = "u", UserDomainId = "d", ProjectId = "p" };

    private static Plan Of(string kind, string wish, long cores = 1, long addresses = 0, long usedBefore = 0, long revision = 1) => Plan.Of(
        Kinds.Read(kind, JsonNode.Parse(wish)!.AsObject(), Asker), revision,
        new Trial(Answer.Accepted, null!, [AuditRow.Of(Asker, 5, kind + ".create", kind, Id.New(), "p", AuditRow.Done, null)],
            [new Amount("compute.cores", "vCPU", usedBefore, usedBefore + cores, 9, 8), new Amount("network.floatingip", "addresses", 0, addresses, null, null)]), Prices.Initial);

    [Fact]
    public void the_same_wish_has_the_same_hash_whatever_others_use_meanwhile() =>
        Assert.Equal(Of("server", """{"server":{"name":"a","flavorRef":"1"}}""").Hash, Of("server", """{ "server": {"flavorRef":"1", "name":"a"} }""", usedBefore: 7).Hash);

    [Theory]
    [InlineData("""{"server":{"name":"b"}}""", 1, 0, 1)]
    [InlineData("""{"server":{"name":"a"}}""", 2, 0, 1)]
    [InlineData("""{"server":{"name":"a"}}""", 1, 1, 1)]
    [InlineData("""{"server":{"name":"a"}}""", 1, 0, 2)]
    [InlineData("""{"server":{"name":"a","user_data":"eA=="}}""", 1, 0, 1)]
    public void any_other_wish_size_exposure_or_revision_has_another(string wish, long cores, long addresses, long revision) =>
        Assert.NotEqual(Of("server", """{"server":{"name":"a"}}""").Hash, Of("server", wish, cores, addresses, revision: revision).Hash);

    [Fact]
    public void what_is_secret_is_not_shown_but_bound()
    {
        var (one, two) = (Of("server", """{"server":{"user_data":"c2VjcmV0"}}"""), Of("server", """{"server":{"user_data":"b3RoZXI="}}"""));
        Assert.DoesNotContain("c2VjcmV0", one.Text);
        Assert.Equal(["wish_digest"], Plan.Differences(one.Json, two.Json));
    }

    [Fact]
    public void what_can_be_reached_from_outside_is_of_high_risk()
    {
        var plan = Of("floating_ip", """{"floatingip":{}}""", addresses: 1).Json;
        Assert.Equal(("high", 8000), ((string)plan["risk"]!["class"]!, (int)plan["cost"]!["sum"]!));
        Assert.Single(plan["exposure"]!.AsArray());
    }

    [Theory]
    [InlineData("server", """{"server":{"adminPass":"x"}}""")]
    [InlineData("moon", "{}")]
    [InlineData("quota", """{"organisation_id":"../x","quotas":{}}""")]
    [InlineData("right", """{"project_id":"p"}""")]
    public void what_cannot_be_asked_for_is_refused(string kind, string wish) => Assert.Throws<CloudError>(() => Of(kind, wish));
}
