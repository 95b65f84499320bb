using System.Diagnostics;

namespace Xiangyun.Load;

/// <summary>Asks the same thing from many workers for some seconds and keeps how long each answer took.</summary>
internal sealed record Meter(string Name, double PerSecond, IReadOnlyList<double> Sorted, int Failed)
{
    public static async Task<Meter> Run(string name, int workers, int seconds, Func<Task<bool>> ask)
    {
        await ask();
        var failed = 0;
        var since = Stopwatch.StartNew();
        var all = await Task.WhenAll(Enumerable.Range(0, workers).Select(async _ =>
        {
            var times = new List<double>();
            while (since.Elapsed.TotalSeconds < seconds)
            {
                var began = Stopwatch.GetTimestamp();
                if (!await ask()) Interlocked.Increment(ref failed);
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
            return times;
        }));
        var sorted = all.SelectMany(t => t).Order().ToList();
        return new Meter(name, sorted.Count / since.Elapsed.TotalSeconds, sorted, failed);
    }

    public void Print() => Console.WriteLine($"{Name,-28}{PerSecond,12:F0}{At(0.50),10:F1}{At(0.95),10:F1}{At(0.99),10:F1}{Failed,10}");

    private double At(double part) => Sorted.Count == 0 ? 0 : Sorted[Math.Min(Sorted.Count - 1, (int)(Sorted.Count * part))];
}
