using System.Text.RegularExpressions;
using Xiangyun.Store;

namespace Xiangyun.Guard;

/// <summary>What keeps the house easy to read: small files, plain names, one portable schema.</summary>
public sealed partial class Hygiene
{
    [Fact]
    public void no_file_is_longer_than_300_lines()
    {
        var long_ = Repository.Sources("src", "tests", "bench").Where(f => File.ReadLines(f).Count() > 300).ToList();
        Assert.True(long_.Count == 0, "split: " + string.Join(", ", long_));
    }

    [Fact]
    public void nine_of_ten_files_have_less_than_200_lines_and_the_median_is_small()
    {
        var lengths = Repository.Sources("src").Select(f => File.ReadLines(f).Count()).Order().ToList();
        Assert.True(lengths[lengths.Count * 9 / 10] < 200, $"90 % have up to {lengths[lengths.Count * 9 / 10]} lines");
        Assert.InRange(lengths[lengths.Count / 2], 1, 65);
    }

    [Fact]
    public void no_type_hides_behind_an_empty_word()
    {
        var found = Repository.Sources("src", "tests", "bench").SelectMany(f => Empty().Matches(File.ReadAllText(f)).Select(m => $"{Path.GetFileName(f)}: {m.Value}")).ToList();
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [Fact]
    public void a_type_named_service_holds_an_openstack_service()
    {
        var found = Repository.Sources("src").Where(f => Service().IsMatch(File.ReadAllText(f)) && !File.ReadAllText(f).Contains("static readonly Service Service", StringComparison.Ordinal)).ToList();
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [Fact]
    public void the_shared_schema_has_nothing_that_only_one_database_knows()
    {
        foreach (var (name, sql) in Migrator.Steps(postgres: false))
        {
            var own = OneDatabase().Match(sql);
            Assert.True(!own.Success || File.Exists(Repository.At("schema", name, "up.pg.sql")), $"schema/{name}/up.sql: '{own.Value}'");
        }
    }

    [Fact]
    public void nothing_is_left_to_do_later_in_a_comment()
    {
        var found = Repository.Sources("src", "tests", "bench").Where(f => !f.EndsWith("/Hygiene.cs")).Where(f => Later().IsMatch(File.ReadAllText(f))).ToList();
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [GeneratedRegex(@"\b(class|record|struct|interface|enum) \w*(Manager|Helper|Helpers|Utils|Util|Impl|Base|Common)\b")]
    private static partial Regex Empty();

    [GeneratedRegex(@"\b(class|record|struct|interface) \w+Service\b")]
    private static partial Regex Service();

    [GeneratedRegex(@"\b(AUTOINCREMENT|SERIAL|BIGSERIAL|JSONB|TIMESTAMPTZ|TIMESTAMP|DATETIME|BYTEA|BLOB|UUID|PRAGMA|ILIKE|WITHOUT ROWID|STRICT)\b|::|\bnow\(", RegexOptions.IgnoreCase)]
    private static partial Regex OneDatabase();

    [GeneratedRegex(@"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedException")]
    private static partial Regex Later();
}
