using System.Text;
using Xiangyun.Audit.Report;
using Xiangyun.Kernel;
using Xiangyun.Store.Audit;
using Xiangyun.Testing;

namespace Xiangyun.Unit.Audit;

/// <summary>What the printed report is made of.</summary>
public sealed class Papers
{
    private static byte[] Draw(string name, int rows = 1)
    {
        Needs.That("fonts");
        var actor = new Actor { UserId = "u", UserName = name, UserDomainId = "d", ProjectId = "p", Roles = new HashSet<string> { "member" }, RequestId = "req-1", RemoteAddress = "10.0.0.1" };
        var told = Enumerable.Range(1, rows).Select(i => AuditRow.Of(actor, 1_700_000_000_000 + i, "server.create", "server", $"server-{i}", "p", AuditRow.Done, $$"""{"name":"{{name}}的云主机 {{i}}, 一句很长的话需要在这一行的末尾被截断而不是写到纸的外面去，所以这里还有很多很多的字，直到它真的放不下为止，还要再多一点才行"}""") with { Seq = i }).ToList();
        return new Pages().Draw(new Subject(name, "全市", "user=王伟", 1_700_000_000_000, rows, "ab12", "key-1"), told);
    }

    [Fact]
    public void Chinese_names_stand_in_the_report_in_an_embedded_font()
    {
        var text = Encoding.Latin1.GetString(Draw("王伟"));
        Assert.Contains("DroidSansFallback", text);
        Assert.Contains("/FontFile2", text);
        Assert.EndsWith("%%EOF", text.TrimEnd());
        if (Environment.GetEnvironmentVariable("XY_KEEP_REPORT") is { Length: > 0 } file) File.WriteAllBytes(file, Draw("王伟😀", 90));
    }

    [Fact]
    public void many_records_fill_many_sheets()
    {
        var text = Encoding.Latin1.GetString(Draw("Wang", 200));
        Assert.True(text.Split("/Type /Page\n").Length > 5);
    }
}
