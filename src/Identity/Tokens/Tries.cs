using Xiangyun.Identity.Users;

namespace Xiangyun.Identity.Tokens;

/// <summary>
/// Wrong passwords and codes in a row: too many lock the user for a while. Those from where the user came the last two times are counted apart: else
/// anybody who knows a name could keep its owner out by guessing wrong. Pure; the counters are columns of the user.
/// </summary>
internal sealed class Tries(IdentityOptions options)
{
    private long Window => options.LockoutSeconds * 1000L;

    public bool Locked(UserRow user, string from, long now) => Counts(user) && (Known(user, from) ? Many(user.WrongKnown, user.WrongKnownAt, now) : Many(user.WrongTries, user.WrongAt, now));

    /// <summary>How many wrong ones in a row it is with this one, of those that are counted with it.</summary>
    public long Next(UserRow user, string from, long now) => Known(user, from) ? Next(user.WrongKnown, user.WrongKnownAt, now) : Next(user.WrongTries, user.WrongAt, now);

    public static bool Known(UserRow user, string from) => from.Length > 0 && (from == user.CameFrom || from == user.CameBeforeFrom);

    public bool Counts(UserRow user) => options is { LockoutAttempts: > 0, LockoutSeconds: > 0 } && !new UserOptions(user.Options).Is("ignore_lockout_failure_attempts");

    private bool Many(long tries, long at, long now) => tries >= options.LockoutAttempts && at + Window > now;

    private long Next(long tries, long at, long now) => at + Window > now ? tries + 1 : 1;
}
