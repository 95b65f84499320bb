using System.Text;
using Xiangyun.Evidence;

namespace Xiangyun.Unit.Audit;

/// <summary>A small copy as the server writes it: two keys, records with a head after every second one, an end.</summary>
internal sealed class Sample
{
    public (byte[] Private, byte[] Public) First { get; } = Sm2.NewKey();
    public (byte[] Private, byte[] Public) Second { get; } = Sm2.NewKey();
    public List<byte[]> Lines { get; } = [];
    public Dictionary<long, byte[]> Heads { get; } = [];

    public string FirstName => Sm2.Name(First.Public);
    public string SecondName => Sm2.Name(Second.Public);

    public static Sample Of(int records, Func<long, bool>? hidden = null)
    {
        var sample = new Sample();
        sample.Lines.Add(Canonical.Object(("format", Verifier.Format), ("by", "tester")));
        sample.Lines.AddRange(sample.Keys());
        var hash = Chain.Beginning;
        for (var seq = 1L; seq <= records; seq++)
        {
            var record = Record(seq);
            hash = Chain.Next(hash, Sm3.Of(record));
            sample.Lines.Add(hidden?.Invoke(seq) == true ? RecordLine.Hidden(seq, Hex.Of(Sm3.Of(record)), Hex.Of(hash)) : RecordLine.Whole(record, Hex.Of(hash)));
            if (seq % 2 == 0 || seq == records) sample.Lines.Add(sample.Heads[seq] = sample.Head(seq, hash));
        }
        return sample;
    }

    public static byte[] Record(long seq, string action = "server.create") =>
        Canonical.Object(("seq", seq), ("id", $"id-{seq}"), ("action", action), ("user_name", "张三"), ("after", "{\"name\":\"x\"}"u8.ToArray()));

    public List<byte[]> Keys()
    {
        var (one, two) = (Statement.OfKey(1, Hex.Of(First.Public), FirstName, null, 1), Statement.OfKey(2, Hex.Of(Second.Public), SecondName, FirstName, 2));
        return [Statement.Line(one, Hex.Of(Sm2.Sign(First.Private, one))), Statement.Line(two, Hex.Of(Sm2.Sign(Second.Private, two)), Hex.Of(Sm2.Sign(First.Private, two)))];
    }

    public byte[] Head(long seq, byte[] hash)
    {
        var head = Statement.OfHead(seq, Hex.Of(hash), 1000 + seq, SecondName);
        return Statement.Line(head, Hex.Of(Sm2.Sign(Second.Private, head)));
    }

    /// <summary>The file of these lines with its end, signed rightly: what somebody with the key could write.</summary>
    public byte[] File()
    {
        var body = Join(Lines);
        var end = Statement.OfEnd(Hex.Of(Sm3.Of(body)), Lines.Count, 9, SecondName);
        return [.. body, .. Statement.Line(end, Hex.Of(Sm2.Sign(Second.Private, end))), (byte)'\n'];
    }

    public static byte[] Join(IEnumerable<byte[]> lines) => [.. lines.SelectMany(l => l.Append((byte)'\n'))];

    public static Verdict Check(byte[] file, string? pin = null, params byte[][] heads) =>
        Verifier.Check(new MemoryStream(file), pin, heads.Select(Encoding.UTF8.GetString));

    public static string Why(Verdict verdict) => string.Join('\n', verdict.Findings);
}
