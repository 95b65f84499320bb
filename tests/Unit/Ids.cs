using Xiangyun.Kernel;

namespace Xiangyun.Unit;

public sealed class Ids
{
    [Fact]
    public void equal_names_give_equal_ids_and_others_do_not()
    {
        Assert.Equal(Id.From("simulated host sim-001"), Id.From("simulated host sim-001"));
        Assert.NotEqual(Id.From("simulated host sim-001"), Id.From("simulated host sim-002"));
        Assert.Equal('8', Id.From("x")[14]);
    }

    [Theory]
    [InlineData("0198A1B2-0000-7000-8000-00000000000A", "0198a1b2-0000-7000-8000-00000000000a")]
    [InlineData("0198a1b20000700080000000000000aa", "0198a1b2-0000-7000-8000-0000000000aa")]
    [InlineData("not-a-uuid", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void a_uuid_is_read_with_and_without_dashes(string? text, string? canonical) => Assert.Equal(canonical, Id.Canonical(text));

    [Fact]
    public void later_ids_sort_after_earlier_ones()
    {
        var first = Id.New();
        for (var later = Id.New(); ; later = Id.New())
            if (later[..13] != first[..13])
            {
                Assert.True(string.CompareOrdinal(first, later) < 0);
                return;
            }
    }
}
