using System.Text;
using Xiangyun.Identity.Tokens;

namespace Xiangyun.Unit.Identity;

public sealed class OneTimeCodes
{
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("12345678901234567890");

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(2000000000, "279037")]
    public void codes_are_those_of_rfc_6238(long seconds, string code) => Assert.Equal(code, Totp.Code(Secret, seconds / 30));

    [Fact]
    public void the_code_before_still_counts_an_older_one_does_not_and_none_counts_twice()
    {
        const long now = 2_000_000_000_000;
        var step = Totp.Step(now);
        Assert.Equal(step, Totp.Match(Secret, Totp.Code(Secret, step), now, 0));
        Assert.Equal(step - 1, Totp.Match(Secret, Totp.Code(Secret, step - 1), now, 0));
        Assert.Null(Totp.Match(Secret, Totp.Code(Secret, step - 2), now, 0));
        Assert.Null(Totp.Match(Secret, Totp.Code(Secret, step), now, step));
    }

    [Fact]
    public void a_secret_is_read_from_base32_and_anything_else_is_none()
    {
        Assert.Equal(Secret, Totp.Secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));
        Assert.Equal(Secret, Totp.Secret("gezdgnbvgy3tqojqgezdgnbvgy3tqojq===="));
        Assert.Null(Totp.Secret("not base32!"));
        Assert.Null(Totp.Secret(""));
    }

    [Fact]
    public void one_rule_that_is_proven_whole_is_enough()
    {
        IReadOnlyList<IReadOnlyList<string>> rules = [["password", "totp"], ["application_credential"]];
        Assert.True(Receipts.Enough([], ["password"]));
        Assert.False(Receipts.Enough(rules, ["password"]));
        Assert.True(Receipts.Enough(rules, ["totp", "password"]));
        Assert.True(Receipts.Enough(rules, ["application_credential"]));
    }
}
