using Xiangyun.Engines.Ovn;
using Xiangyun.Kernel;
using Xiangyun.Network.Fabric.Ovn;

namespace Xiangyun.Contract.Ovn;

/// <summary>The database goes away and comes back: nobody has to restart anything.</summary>
public sealed class OvnReconnectTests : IAsyncLifetime
{
    private readonly OvnCentral _ovn = new();

    public ValueTask InitializeAsync()
    {
        Needs.Ovn();
        return _ovn.InitializeAsync();
    }

    public ValueTask DisposeAsync() => _ovn.DisposeAsync();

    [Fact]
    public async Task a_lost_database_is_a_transient_fault_and_then_forgotten()
    {
        var plan = new Plan();
        await using var northbound = new Northbound(_ovn.Endpoint);
        var fabric = new OvnFabric(northbound);
        await fabric.Ensure(plan.Switch, CancellationToken.None);
        await using var watch = fabric.Watch(CancellationToken.None).GetAsyncEnumerator(CancellationToken.None);
        Assert.True(await watch.MoveNextAsync());

        await _ovn.StopDatabase("nb");
        Assert.True((await Assert.ThrowsAsync<EngineFault>(async () => { while (await watch.MoveNextAsync()) { } })).Transient);
        Assert.True((await Assert.ThrowsAsync<EngineFault>(() => fabric.Ensure(plan.Switch, CancellationToken.None))).Transient);

        await _ovn.StartDatabase("nb");
        Assert.True(await fabric.Look(plan.Switch.Of, CancellationToken.None));
        await fabric.Ensure(plan.OutsideSwitch, CancellationToken.None);
        Assert.True(await fabric.Look(plan.OutsideSwitch.Of, CancellationToken.None));
    }

    [Fact]
    public async Task a_refused_row_says_what_was_wrong_and_nothing_of_its_transaction_stays()
    {
        await using var db = new Ovsdb(_ovn.Endpoint, "OVN_Northbound");
        var fault = await Assert.ThrowsAsync<EngineFault>(() => db.Transact(
        [
            OvsdbOperation.Insert("Logical_Switch", "a", new() { ["name"] = "half" }),
            OvsdbOperation.Insert("Logical_Switch", "b", new() { ["nope"] = 1 }),
        ], CancellationToken.None));
        Assert.False(fault.Transient);
        Assert.Contains("insert Logical_Switch", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(await _ovn.Rows("Logical_Switch", "name"), r => (string)r!["name"]! == "half");
    }

    [Fact]
    public async Task an_answer_larger_than_one_read_is_taken_whole()
    {
        await using var db = new Ovsdb(_ovn.Endpoint, "OVN_Northbound");
        var rows = Enumerable.Range(0, 500).Select(i => OvsdbOperation.Insert("Logical_Switch", $"s{i}", new() { ["name"] = $"网络-{i}-{new string('x', 200)}" })).ToList();
        await db.Transact(rows, CancellationToken.None);
        Assert.Equal(500, (await _ovn.Rows("Logical_Switch", "name")).Count(r => ((string)r!["name"]!).StartsWith("网络-", StringComparison.Ordinal)));
    }
}
