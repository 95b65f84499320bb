using System.IO.Compression;

namespace Xiangyun.Engines.Simulated;

/// <summary>
/// Recorded days: files `cpu.csv.gz`, a row for each machine with its name and 288 five-minute means in whole per cent. A guest follows the
/// row that its id picks, at the same time of the day in China; so what a guest uses can be looked up in the file.
/// </summary>
public sealed class RecordedDays : SimulatedLoad
{
    private const int Samples = 288, Seconds = 300;
    private static readonly TimeSpan China = TimeSpan.FromHours(8);
    private readonly List<(string Day, string Name, byte[] Use)> _rows = [];

    /// <param name="directory">Holds `cpu.csv.gz`, or directories that do.</param>
    /// <exception cref="ArgumentException">Says which file is missing or broken.</exception>
    public RecordedDays(string directory)
    {
        var days = Directory.Exists(directory) ? Directory.GetDirectories(directory).Prepend(directory).Where(d => File.Exists(Path.Combine(d, "cpu.csv.gz"))).Order(StringComparer.Ordinal).ToArray() : [];
        if (days.Length == 0) throw new ArgumentException($"{directory} holds no cpu.csv.gz, nor do the directories in it.");
        foreach (var day in days) Read(day);
        Source = $"recorded: {string.Join(' ', days.Select(d => Path.GetFileName(d)))}, {_rows.Count} rows";
    }

    public override string Source { get; }

    public override double BusyProcessors(string id, int vcpus, DateTimeOffset at) => vcpus * Row(id).Use[(int)at.ToOffset(China).TimeOfDay.TotalSeconds / Seconds] / 100.0;

    /// <summary>The row that this guest follows.</summary>
    public (string Day, string Name, byte[] Use) Row(string id) => _rows[(int)(Part(id, 0) * _rows.Count)];

    private void Read(string directory)
    {
        var file = Path.Combine(directory, "cpu.csv.gz");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            var parts = line.Split(',');
            var use = new byte[Samples];
            if (parts.Length != Samples + 1) throw new ArgumentException($"{file}, row {number}: {parts.Length - 1} samples instead of {Samples}.");
            for (var i = 0; i < Samples; i++)
                if (!byte.TryParse(parts[i + 1], out use[i]) || use[i] > 100) throw new ArgumentException($"{file}, row {number}: '{parts[i + 1]}' is not a whole per cent.");
            _rows.Add((Path.GetFileName(directory), parts[0], use));
        }
    }
}
