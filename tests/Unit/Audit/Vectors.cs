using System.Text;
using System.Text.Json;
using Xiangyun.Evidence;

namespace Xiangyun.Unit.Audit;

/// <summary>The standards' own examples, and the one form of a value.</summary>
public sealed class Vectors
{
    [Theory]
    [InlineData("abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")]
    [InlineData("abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd", "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732")]
    public void sm3_gives_what_appendix_a_of_gb_t_32905_says(string text, string hash) => Assert.Equal(hash, Hex.Of(Sm3.Of(Encoding.ASCII.GetBytes(text))));

    [Fact]
    public void a_hash_can_be_looked_at_on_the_way()
    {
        var sm3 = new Sm3();
        sm3.Add("ab"u8);
        _ = sm3.Peek();
        sm3.Add("c"u8);
        Assert.Equal(Sm3.Of("abc"u8), sm3.Peek());
        Assert.Equal(Sm3.Of("abc"u8), sm3.Take());
    }

    [Fact]
    public void sm2_accepts_the_example_of_gb_t_32918_5_and_nothing_beside_it()
    {
        var point = Convert.FromHexString("0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13");
        var signature = Convert.FromHexString("F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA");
        Assert.True(Sm2.Verify(point, "message digest"u8, signature));
        Assert.False(Sm2.Verify(point, "message digesT"u8, signature));
        signature[63] ^= 1;
        Assert.False(Sm2.Verify(point, "message digest"u8, signature));
        point[64] ^= 1;
        Assert.False(Sm2.Verify(point, "message digest"u8, signature));
    }

    [Fact]
    public void what_is_signed_with_a_new_key_is_verified_with_its_public_half()
    {
        var (secret, point) = Sm2.NewKey();
        Assert.True(Sm2.Verify(point, "text"u8, Sm2.Sign(secret, "text"u8)));
        Assert.Equal((32, Sm2.PublicLength, 32), (secret.Length, point.Length, Sm2.Name(point).Length));
    }

    [Theory]
    [InlineData("""{ "b": 1, "a": [ true, null, "x" ] }""", """{"a":[true,null,"x"],"b":1}""")]
    [InlineData("""{"text":"\u5ba1\u8ba1 \"\\\/ \u0007\n"}""", """{"text":"审计 \"\\/ \u0007\n"}""")]
    [InlineData("""{"A":{"z":-0.5e3,"y":{}},"é":[]}""", """{"A":{"y":{},"z":-0.5e3},"é":[]}""")]
    public void equal_values_have_equal_bytes(string json, string bytes) => Assert.Equal(bytes, Encoding.UTF8.GetString(Canonical.Bytes(Encoding.UTF8.GetBytes(json))));

    [Fact]
    public void a_member_that_stands_there_twice_has_no_canonical_form() => Assert.Throws<JsonException>(() => Canonical.Bytes("""{"a":1,"a":1}"""u8.ToArray()));

    [Theory]
    [InlineData("AB")]
    [InlineData("ab ")]
    [InlineData("abcd")]
    [InlineData(null)]
    public void hexadecimal_has_one_form(string? text) => Assert.Null(Hex.Bytes(text, 1));
}
