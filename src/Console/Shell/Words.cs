using System.Globalization;
using System.Reflection;

namespace Xiangyun.Console.Shell;

/// <summary>
/// The texts of one language. Words/*.txt holds both languages of a text on one line, <c>key | 中文 | English</c>, so that
/// none can be forgotten; an unknown key is a bug and stops the page.
/// </summary>
internal sealed class Words
{
    public const string OffsetCookie = "xy-offset";
    public static readonly IReadOnlyDictionary<string, (string Chinese, string English)> All = Read();

    /// <param name="offset">Minutes that the reader's clock is ahead of UTC.</param>
    public Words(string? language, int offset)
    {
        Language = language == "en" ? "en" : "zh";
        Offset = TimeSpan.FromMinutes(Math.Clamp(offset, -840, 840));
    }

    public string Language { get; }
    public TimeSpan Offset { get; }
    public bool InEnglish => Language == "en";
    public string Tag => InEnglish ? "en" : "zh-CN";

    public string this[string key] => All.TryGetValue(key, out var both) ? InEnglish ? both.English : both.Chinese : throw new KeyNotFoundException($"no words for '{key}'");

    public string Of(string key, params object?[] parts) => string.Format(CultureInfo.InvariantCulture, this[key], parts);

    /// <summary>A value of an API, such as a status: in words where there are some, as it is where not.</summary>
    public string Value(string family, string? value) => value is null or "" ? "—" : All.TryGetValue($"{family}.{value.ToLowerInvariant()}", out var both) ? InEnglish ? both.English : both.Chinese : value;

    /// <summary>A moment on the reader's own clock.</summary>
    public string Time(DateTimeOffset at) => at.ToOffset(Offset).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static Dictionary<string, (string, string)> Read()
    {
        var all = new Dictionary<string, (string, string)>();
        var home = Assembly.GetExecutingAssembly();
        foreach (var file in home.GetManifestResourceNames().Where(n => n.StartsWith("words/", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(home.GetManifestResourceStream(file)!);
            while (reader.ReadLine() is { } line)
            {
                if (line.Length == 0 || line[0] == '#') continue;
                var parts = line.Split(" | ", StringSplitOptions.TrimEntries);
                if (parts.Length != 3 || !all.TryAdd(parts[0], (parts[1], parts[2]))) throw new InvalidDataException($"{file}: '{line}'");
            }
        }
        return all;
    }
}
