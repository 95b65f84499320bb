using System.Text.Json;

namespace Xiangyun.Evidence;

/// <summary>
/// Checks a copy of the audit log with nothing but the copy: every record hangs on the one before it, every signed head
/// fits, every key follows from the first, and the last line signs all bytes before it. The format is in docs/audit.md.
/// </summary>
public sealed class Verifier
{
    public const string Format = "xiangyun.audit.1";
    /// <summary>What the first line says of a copy whose reader wanted it to end before the newest record.</summary>
    public const string EndsOnRequest = "on request";
    private const int MostFindings = 20;

    private readonly List<Finding> _findings = [];
    private readonly KeySet _keys = new();
    private readonly KnownHeads _known;
    private readonly Sm3 _all = new();
    private long _line, _seq = -1, _first, _signed = -1, _signedAt, _records, _hidden;
    private byte[] _hash = Chain.Beginning;
    private bool _ended, _otherBytes, _part;

    private Verifier(KnownHeads known) => _known = known;

    /// <param name="pin">The auditor's own copy of one public key (130 hexadecimal digits); null = whatever key the file begins with.</param>
    /// <param name="heads">Heads that the auditor kept from earlier, one statement a line.</param>
    public static Verdict Check(Stream file, string? pin = null, IEnumerable<string>? heads = null)
    {
        var verifier = new Verifier(KnownHeads.Read(heads ?? []));
        verifier.Walk(new Lines(file));
        return verifier.Judge(pin);
    }

    private void Walk(Lines lines)
    {
        try
        {
            while (_findings.Count < MostFindings && lines.Next() is { } line)
            {
                _line++;
                if (_ended) { Found(null, "there is more after the line that ends the copy"); return; }
                try
                {
                    Take(line);
                }
                catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
                {
                    Found(null, e is FormatException ? e.Message : "the line is not one that a copy has");
                }
                _all.Add(line);
            }
        }
        catch (FormatException e)
        {
            Found(null, e.Message);
        }
        if (!_ended && _findings.Count < MostFindings) _findings.Add(new Finding(0, null, $"the copy is cut: the line that ends it is missing after line {_line}"));
    }

    private void Take(byte[] line)
    {
        if (line[^1] != '\n') throw new FormatException("the line is cut");
        var body = line.AsMemory(0, line.Length - 1);
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 64 });
        var whole = document.RootElement;
        if (!Canonical.Bytes(whole).AsSpan().SequenceEqual(body.Span)) throw new FormatException("the line was written anew: it is not in canonical form");
        if (_line == 1)
        {
            if (whole.Text("format") != Format) throw new FormatException($"this is no {Format}");
            _part = whole.TryGetProperty("ends", out var ends) && ends.ValueEquals(EndsOnRequest);
        }
        else if (whole.TryGetProperty("statement", out var statement)) Take(whole, statement);
        else if (whole.TryGetProperty("record", out var record)) Link(record.Number("seq"), Sm3.Of(Canonical.Bytes(record)), whole.Text("hash"), Name(record), hidden: false);
        else Link(whole.Number("seq"), Hex.Bytes(whole.Text("digest"), Sm3.Length) ?? throw new FormatException("the digest is none"), whole.Text("hash"), "", hidden: true);
    }

    private static string Name(JsonElement record) => $" ({record.Text("id")}, {record.Text("action")} by {record.Text("user_name")})";

    private void Link(long seq, byte[] digest, string stated, string name, bool hidden)
    {
        var hash = Hex.Bytes(stated, Sm3.Length) ?? throw new FormatException("the hash is none");
        if (_seq < 0) Begin(seq);
        var next = _seq + 1;
        if (seq > next) Found(seq, $"record{(seq - next > 1 ? $"s {next} to {seq - 1} are" : $" {next} is")} missing before it");
        else if (seq < next) Found(seq, $"it stands after record {_seq}: records were re-ordered, doubled or inserted");
        else if (!Chain.Next(_hash, digest).AsSpan().SequenceEqual(hash)) Found(seq, hidden ? "its digest or hash was changed" : $"it was changed{name}");
        (_seq, _hash) = (seq, hash);
        if (hidden) _hidden++;
        _records++;
        if (_known.Contradicts(seq, stated)) Found(seq, "a head that you kept says another hash: the log was rewritten since");
    }

    private void Begin(long seq)
    {
        (_seq, _first) = (seq == 1 ? 0 : seq - 1, seq);
        if (seq != 1) Found(seq, "the copy begins here, and nothing signed says what came before");
    }

    private void Take(JsonElement whole, JsonElement statement)
    {
        var (type, key) = (statement.Text("type"), statement.Text("key"));
        if (type == Statement.Key)
        {
            _keys.Take(_line, whole, statement);
            return;
        }
        var message = Canonical.Bytes(statement);
        _keys.Collect(_line, $"the signature of the {type}", message, whole.Text("signature"), key);
        if (type is Statement.Head or Statement.Stub) Fits(type, statement);
        else if (type == Statement.End)
        {
            _ended = true;
            _otherBytes = statement.Text("digest") != Hex.Of(_all.Peek()) || statement.Number("lines") != _line - 1;
        }
        else throw new FormatException($"a statement of the type {type} does not belong here");
    }

    private void Fits(string type, JsonElement statement)
    {
        var (seq, stated) = (statement.Number("seq"), statement.Text("hash"));
        var hash = Hex.Bytes(stated, Sm3.Length) ?? throw new FormatException("the hash is none");
        if (_seq < 0) (_seq, _hash, _first) = (seq, hash, seq + 1);
        else if (type == Statement.Stub) throw new FormatException("a stub stands inside: it may only begin a copy");
        else if (seq > _seq) Found(seq, $"this signed head is of record {seq}, but the records end at {_seq}: the tail is missing");
        else if (seq < _seq) Found(seq, $"this signed head is of record {seq}, but stands after {_seq}");
        else if (!_hash.AsSpan().SequenceEqual(hash)) Found(seq, $"the hash differs from the signed head: records {_signed + 1} to {seq} were rewritten after they were signed");
        (_signed, _signedAt) = (Math.Max(_signed, seq), statement.Number("at"));
    }

    private Verdict Judge(string? pin)
    {
        if (_findings.Count == 0 && _seq > Math.Max(0, _signed)) Found(_seq, $"records after {Math.Max(0, _signed)} stand behind the last signed head");
        if (_findings.Count == 0 && !_part && _known.Beyond(Math.Max(0, _seq)) is { } beyond) Found(beyond, $"a head that you kept signs record {beyond}, but the copy ends at {Math.Max(0, _seq)}: the tail is missing");
        if (_findings.Count == 0 && _keys.FirstForged() is { } forged) _findings.Add(forged);
        if (_findings.Count == 0 && _otherBytes) Found(null, "the bytes before this line are not those that were signed: a line was changed, removed or inserted");
        var pinned = pin is not null && _keys.Keys.Any(k => k.Point == pin);
        if (_findings.Count == 0 && pin is not null && !pinned) _findings.Add(new Finding(0, null, "your key is not among the keys of this file: somebody else signed it"));
        return new Verdict
        {
            Findings = _findings, Keys = _keys.Keys, Pinned = pinned, Records = _records, Hidden = _hidden, First = _first, Last = Math.Max(0, _seq), SignedAt = _signedAt,
            Beyond = _part ? _known.Beyond(Math.Max(0, _seq)) : null,
        };
    }

    private void Found(long? record, string what) => _findings.Add(new Finding(_line, record, what));
}
