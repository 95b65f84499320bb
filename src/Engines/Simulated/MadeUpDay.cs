namespace Xiangyun.Engines.Simulated;

/// <summary>
/// A made-up but steady day, where no recorded one is at hand: most guests idle, a few work; offices work from eight to six in China;
/// every five minutes a little noise.
/// </summary>
internal sealed class MadeUpDay : SimulatedLoad
{
    public override string Source => "made up";

    public override double BusyProcessors(string id, int vcpus, DateTimeOffset at)
    {
        var level = Math.Pow(Part(id, 0), 4) * 0.5 + 0.02; // most near nothing, mean 12 %, a few at half
        var local = at.ToOffset(TimeSpan.FromHours(8));
        var hour = local.TimeOfDay.TotalHours;
        var day = local.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0.5 : 0.55 + 0.75 * Math.Exp(-Math.Pow((hour - 13 + 2 * Part(id, 1)) / 4.2, 2));
        var noise = 0.8 + 0.4 * Part(id, at.ToUnixTimeSeconds() / 300 + 2);
        return vcpus * Math.Min(1, level * day * noise);
    }
}
