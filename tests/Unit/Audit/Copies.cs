using System.Text;
using Xiangyun.Evidence;

namespace Xiangyun.Unit.Audit;

/// <summary>Everything that can be done to a copy, by somebody without the key and by somebody with it.</summary>
public sealed class Copies
{
    [Fact]
    public void a_copy_as_it_was_signed_is_good_and_says_what_it_holds()
    {
        var sample = Sample.Of(5, hidden: seq => seq is 2 or 3);
        var verdict = Sample.Check(sample.File(), Hex.Of(sample.First.Public), sample.Heads[2], sample.Heads[4]);
        Assert.True(verdict.Good, Sample.Why(verdict));
        Assert.Equal((5, 2, 1, 5, true), (verdict.Records, verdict.Hidden, verdict.First, verdict.Last, verdict.Pinned));
        Assert.Equal([sample.FirstName, sample.SecondName], verdict.Keys.Select(k => k.Name));
        Assert.True(Sample.Check(Sample.Of(0).File()).Good);
    }

    [Fact]
    public void every_flipped_byte_is_found()
    {
        var file = Sample.Of(2, hidden: seq => seq == 2).File();
        for (var i = 0; i < file.Length; i++)
        {
            var bit = (byte)(1 << (i % 8));
            file[i] ^= bit;
            Assert.False(Sample.Check(file).Good, $"byte {i} of {file.Length} ^ {bit}");
            file[i] ^= bit;
        }
        Assert.True(Sample.Check(file).Good);
    }

    [Fact]
    public void every_cut_is_found()
    {
        var file = Sample.Of(3).File();
        for (var length = 0; length < file.Length; length++) Assert.False(Sample.Check(file[..length]).Good, $"{length} of {file.Length} bytes");
        Assert.False(Sample.Check([.. file, (byte)'\n']).Good);
        Assert.False(Sample.Check([.. file, .. file]).Good);
    }

    [Fact]
    public void a_changed_record_is_named()
    {
        var text = Encoding.UTF8.GetString(Sample.Of(5).File()).Replace("\"id\":\"id-3\"", "\"id\":\"id-x\"", StringComparison.Ordinal);
        var verdict = Sample.Check(Encoding.UTF8.GetBytes(text));
        Assert.Equal((3L, "it was changed (id-x, server.create by 张三)"), (verdict.Findings[0].Record!.Value, verdict.Findings[0].What));
    }

    [Theory]
    [InlineData("removed", "record 4: record 3 is missing before it")]
    [InlineData("swapped", "record 4: record 3 is missing before it")]
    [InlineData("doubled", "record 3: it stands after record 3")]
    [InlineData("no head", "record 5: records after 4 stand behind the last signed head")]
    [InlineData("no tail", "record 5: this signed head is of record 5, but the records end at 4")]
    public void who_has_the_key_of_the_last_line_still_cannot(string change, string found)
    {
        var sample = Sample.Of(5);
        var at = sample.Lines.FindIndex(l => Encoding.UTF8.GetString(l).Contains("id-3", StringComparison.Ordinal));
        switch (change)
        {
            case "removed": sample.Lines.RemoveAt(at); break;
            case "swapped": (sample.Lines[at], sample.Lines[at + 1]) = (sample.Lines[at + 1], sample.Lines[at]); break;
            case "doubled": sample.Lines.Insert(at, sample.Lines[at]); break;
            case "no head": sample.Lines.RemoveAt(sample.Lines.Count - 1); break;
            default: sample.Lines.RemoveAt(sample.Lines.Count - 2); break;
        }
        Assert.Contains(found, Sample.Why(Sample.Check(sample.File())));
    }

    [Fact]
    public void a_history_written_anew_contradicts_the_signed_heads()
    {
        var sample = Sample.Of(2);
        var (changed, hash) = (Sample.Record(1, "server.delete"), Chain.Beginning);
        var at = sample.Lines.Count - 3;
        hash = Chain.Next(hash, Sm3.Of(changed));
        sample.Lines[at] = RecordLine.Whole(changed, Hex.Of(hash));
        hash = Chain.Next(hash, Sm3.Of(Sample.Record(2)));
        sample.Lines[at + 1] = RecordLine.Whole(Sample.Record(2), Hex.Of(hash));
        Assert.Contains("record 2: the hash differs from the signed head: records 0 to 2 were rewritten", Sample.Why(Sample.Check(sample.File())));
        var kept = sample.Heads[2];
        sample.Lines[at + 2] = sample.Head(2, hash); // with the key itself: only a head that was kept outside tells
        Assert.True(Sample.Check(sample.File()).Good);
        Assert.Contains("a head that you kept says another hash", Sample.Why(Sample.Check(sample.File(), null, kept)));
    }

    [Fact]
    public void a_log_that_ends_before_a_kept_head_lost_its_tail()
    {
        var (long_, sample) = (Sample.Of(6), Sample.Of(4));
        Assert.Contains("signs record 6, but the copy ends at 4", Sample.Why(Sample.Check(sample.File(), null, long_.Heads[6])));
        sample.Lines[0] = Canonical.Object(("format", Verifier.Format), ("ends", Verifier.EndsOnRequest));
        var part = Sample.Check(sample.File(), null, long_.Heads[6]);
        Assert.Equal((true, 6L), (part.Good, part.Beyond!.Value));
    }

    [Fact]
    public void somebody_elses_keys_are_not_the_pinned_one()
    {
        var (mine, other) = (Sample.Of(2), Sample.Of(2));
        Assert.Contains("your key is not among the keys", Sample.Why(Sample.Check(other.File(), Hex.Of(mine.First.Public))));
        other.Lines[1] = mine.Lines[1]; // the true first key, and a false successor
        Assert.Contains("does not name the key before it", Sample.Why(Sample.Check(other.File(), Hex.Of(mine.First.Public))));
    }

    [Fact]
    public void a_copy_from_the_middle_begins_with_something_signed()
    {
        var sample = Sample.Of(6);
        var second = sample.Lines.IndexOf(sample.Heads[2]);
        sample.Lines.RemoveRange(3, second - 3);
        var verdict = Sample.Check(sample.File());
        Assert.True(verdict.Good, Sample.Why(verdict));
        Assert.Equal((4, 3, 6), (verdict.Records, verdict.First, verdict.Last));
        sample.Lines.RemoveAt(3);
        Assert.Contains("nothing signed says what came before", Sample.Why(Sample.Check(sample.File())));
    }
}
