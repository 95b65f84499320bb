using Xiangyun.Identity;
using Xiangyun.Identity.Tokens;
using Xiangyun.Identity.Users;
using Xiangyun.Kernel;

namespace Xiangyun.Unit.Identity;

public sealed class PasswordDemands
{
    private const long Day = 86_400_000, Now = 1_800_000_000_000;
    private static readonly Passwords Passwords = new(TimeProvider.System);

    private static UserRow User(string options = "{}", long changed = Now, long tries = 0, long wrongAt = 0, long known = 0) => new()
    {
        Id = "u", Name = "u", DomainId = "d", PasswordHash = "x", PasswordChangedAt = changed, Options = options, WrongTries = tries, WrongAt = wrongAt, WrongKnown = known, WrongKnownAt = wrongAt, CameFrom = "10.0.0.1", CameBeforeFrom = "10.0.0.2",
    };

    [Fact]
    public void a_password_expires_after_its_days_unless_the_user_is_freed_of_that()
    {
        var rules = new PasswordRules(new IdentityOptions { PasswordExpiresDays = 90 }, Passwords);
        Assert.Equal(Now + 90 * Day, rules.ExpiresAt(User()));
        Assert.Null(rules.ExpiresAt(User("""{"ignore_password_expiry":true}""")));
        Assert.Null(new PasswordRules(new IdentityOptions(), Passwords).ExpiresAt(User()));
    }

    [Fact]
    public void a_password_needs_the_form_that_the_operator_set_and_is_kept_for_a_while()
    {
        var rules = new PasswordRules(new IdentityOptions { PasswordRegex = "^(?=.*[0-9]).{8,}$", MinimumPasswordAgeDays = 1, PasswordHistory = 0 }, Passwords);
        rules.MustHaveForm("long-enough-1");
        Assert.Throws<CloudError>(() => rules.MustHaveForm("long-enough"));
        Assert.Throws<CloudError>(() => rules.MustBeFree(User(), "x", Now + Day - 1));
        rules.MustBeFree(User(), "x", Now + Day);
    }

    [Fact]
    public void wrong_tries_lock_for_a_while_and_old_ones_count_no_more()
    {
        var tries = new Tries(new IdentityOptions { LockoutAttempts = 3, LockoutSeconds = 60 });
        const string Elsewhere = "203.0.113.9", Home = "10.0.0.2";
        Assert.False(tries.Locked(User(tries: 2, wrongAt: Now), Elsewhere, Now));
        Assert.True(tries.Locked(User(tries: 3, wrongAt: Now), Elsewhere, Now + 59_999));
        Assert.False(tries.Locked(User(tries: 3, wrongAt: Now), Elsewhere, Now + 60_000));
        Assert.Equal(3, tries.Next(User(tries: 2, wrongAt: Now), Elsewhere, Now + 1));
        Assert.Equal(1, tries.Next(User(tries: 2, wrongAt: Now), Elsewhere, Now + 60_000));
        Assert.False(tries.Locked(User("""{"ignore_lockout_failure_attempts":true}""", tries: 9, wrongAt: Now), Elsewhere, Now));
        Assert.False(tries.Locked(User(tries: 9, wrongAt: Now), Home, Now));
        Assert.True(tries.Locked(User(tries: 0, wrongAt: Now, known: 3), Home, Now));
        Assert.Equal((3, 1), (tries.Next(User(tries: 2, wrongAt: Now), Elsewhere, Now), tries.Next(User(tries: 2, wrongAt: Now), Home, Now)));
    }
}
