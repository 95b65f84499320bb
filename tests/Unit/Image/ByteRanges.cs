using Xiangyun.Image.Data;
using Xiangyun.Image.Images;
using Xiangyun.Kernel;

namespace Xiangyun.Unit.Image;

public sealed class ByteRanges
{
    [Theory]
    [InlineData("bytes=0-9", 0, 10)]
    [InlineData("bytes=90-", 90, 10)]
    [InlineData("bytes=-5", 95, 5)]
    [InlineData("bytes=-500", 0, 100)]
    [InlineData("bytes=10-5000", 10, 90)]
    public void a_range_is_cut_to_what_there_is(string header, long from, long count) => Assert.Equal((from, count), ByteRange.Parse(header, 100));

    [Theory]
    [InlineData("bytes=100-")]
    [InlineData("bytes=9-3")]
    [InlineData("bytes=-0")]
    [InlineData("bytes=0-1,5-6")]
    [InlineData("lines=0-1")]
    [InlineData("bytes=a-b")]
    public void a_range_that_cannot_be_given_is_416(string header) => Assert.Equal(416, Assert.Throws<CloudError>(() => ByteRange.Parse(header, 100)).Status);

    [Fact]
    public void no_header_is_no_range() => Assert.Null(ByteRange.Parse(null, 100));

    [Theory]
    [InlineData("plain", new[] { "plain" })]
    [InlineData("in:a,b", new[] { "a", "b" })]
    [InlineData("in:\"a,b\",c", new[] { "a,b", "c" })]
    public void a_filter_names_one_value_or_several(string filter, string[] values) => Assert.Equal(values, ImageFilters.In(filter));

    [Fact]
    public void a_quote_that_is_not_closed_is_refused() => Assert.Throws<CloudError>(() => ImageFilters.In("in:\"a"));
}
