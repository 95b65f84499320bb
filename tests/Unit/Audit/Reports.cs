using System.Text;
using Xiangyun.Evidence;

namespace Xiangyun.Unit.Audit;

/// <summary>The signature inside a PDF.</summary>
public sealed class Reports
{
    private static readonly byte[] Pdf = Encoding.ASCII.GetBytes("%PDF-1.7\n1 0 obj\nxref\ntrailer <<>>\nstartxref\n17\n%%EOF\n");

    [Fact]
    public void every_flipped_byte_and_every_cut_of_a_report_is_found()
    {
        var sample = new Sample();
        var file = PdfSeal.Close(Pdf, sample.Keys(), (digest, length) =>
        {
            var statement = Statement.OfPdf(digest, length, 1, sample.SecondName);
            return Statement.Line(statement, Hex.Of(Sm2.Sign(sample.Second.Private, statement)));
        });
        Assert.True(PdfSeal.Check(file, Hex.Of(sample.First.Public)).Good);
        Assert.EndsWith("startxref\n17\n%%EOF\n", Encoding.ASCII.GetString(file));
        for (var i = 0; i < file.Length; i++)
        {
            var bit = (byte)(1 << (i % 7));
            file[i] ^= bit;
            Assert.False(PdfSeal.Check(file, null).Good, $"byte {i} of {file.Length} ^ {bit}");
            file[i] ^= bit;
            Assert.False(PdfSeal.Check(file[..i], null).Good, $"{i} of {file.Length} bytes");
        }
        Assert.False(PdfSeal.Check([.. file, (byte)'\n'], null).Good);
    }

    [Fact]
    public void a_pdf_without_a_signature_is_not_ours() => Assert.Equal("this PDF carries no signature of the audit log", PdfSeal.Check(Pdf, null).Findings.Single().What);
}
