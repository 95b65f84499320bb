using System.Net;
using System.Net.Sockets;
using Xiangyun.Engines.Bmc;

namespace Xiangyun.Contract.Bmc;

/// <summary>A machine that listens for its magic packet on loopback and otherwise is as far away as its agent.</summary>
public sealed class WakeOnLanTests : BmcContract, IAsyncDisposable
{
    private const string Mac = "52:54:00:Ab:cd:01";
    private readonly UdpClient _card = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly Task _life;
    private volatile bool _on, _asked;

    public WakeOnLanTests() => _life = Task.Run(Listen);

    protected override IBmc Bmc => For(Mac);
    protected override bool On => _on;

    private WakeOnLan For(string mac) => new(new WakeOptions(mac, (IPEndPoint)_card.Client.LocalEndPoint!), _ => Task.FromResult(_on), _ => { (_on, _asked) = (false, true); return Task.CompletedTask; }, silenceIsOff: true);

    private async Task Listen()
    {
        byte[] address = [0x52, 0x54, 0x00, 0xab, 0xcd, 0x01];
        byte[] magic = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, .. Enumerable.Repeat(address, 16).SelectMany(a => a)];
        try
        {
            while (true) if ((await _card.ReceiveAsync()).Buffer.SequenceEqual(magic)) _on = true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // the test is over
        }
    }

    protected override Task Silence() => Task.CompletedTask;

    /// <summary>There is no controller that could be silent: a machine that nobody asked to go and whose agent does not answer may be anything.</summary>
    [Fact]
    public override async Task a_controller_that_does_not_answer_is_a_fault_worth_another_try()
    {
        using var unasked = new WakeOnLan(new WakeOptions(Mac, (IPEndPoint)_card.Client.LocalEndPoint!), _ => Task.FromResult(false), _ => throw new InvalidOperationException("nobody asked"), silenceIsOff: false);
        Assert.Equal(new BmcSeen(null, null, ""), await unasked.Look(Never));
    }

    [Fact]
    public async Task another_machines_packet_wakes_nothing()
    {
        using (var other = For("52:54:00:ab:cd:02")) await other.Ensure(PowerWish.On, Never);
        await Task.Delay(100, Never);
        Assert.False(_on);
        await Bmc.Ensure(PowerWish.On, Never);
        await Seen(true);
    }

    [Fact]
    public async Task only_a_machine_that_answers_is_asked_to_shut_down()
    {
        await Bmc.Ensure(PowerWish.Off, Never);
        Assert.False(_asked);
    }

    public async ValueTask DisposeAsync()
    {
        _card.Dispose();
        await _life;
    }
}
