using Xiangyun.Compute.Servers;
using Xiangyun.Fleet.Public;

namespace Xiangyun.Compute.Actions;

/// <summary>When a live move is given up. Pure: of what is wanted and what both hosts said last.</summary>
internal static class LiveMoveRules
{
    /// <summary>For the new host to make the disk ready.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    /// <summary>How long neither host has the guest before it is started again where it was.</summary>
    public static readonly TimeSpan Lost = TimeSpan.FromSeconds(60);

    /// <summary>The old host has it no more (or is silent), and the new one answers and has it not.</summary>
    public static bool Nowhere(ServerRow row, PlaceRow place, HostView? here, HostView? there) =>
        (here is not { Alive: true } || Told(place) && place.Seen == Power.Unseen) && there is { Alive: true } && row.Seen == Power.Unseen && row.SeenGeneration >= row.Generation;

    /// <param name="waited">Milliseconds since the move was asked for.</param>
    /// <param name="nowhere">Milliseconds since when neither host has it.</param>
    /// <returns>Why the server is its old host's again; null = the move may still be done. Once the new host awaits the guest, only who holds it can say that it stays.</returns>
    public static string? WhyBack(ServerRow row, PlaceRow place, string? here, string? there, long waited, long nowhere)
    {
        if (place is { Fault: { } fault, Seen: Power.Running or Power.Paused }) return $"The guest could not leave {here}: {fault}";
        if (Told(place) && place.Seen is not (Power.Running or Power.Paused or Power.Unseen)) return $"The guest was {place.Seen} on {here} before it could leave.";
        if (!place.Awaited && row.SeenFault is { } refused) return $"Host {there} could not get ready: {refused}";
        if (!place.Awaited && waited > Patience.TotalMilliseconds) return $"Host {there} did not get ready within {Patience.TotalMinutes:F0} minutes.";
        return nowhere > Lost.TotalMilliseconds ? $"The guest was lost on its way to {there}; host {here} has it again." : null;
    }

    private static bool Told(PlaceRow place) => place.SeenGeneration >= place.Generation;
}
