using Xiangyun.Identity.Users;

namespace Xiangyun.Identity.Tokens;

/// <summary>Wrong passwords and codes in a row: too many lock the user for a while. Pure; the counters are columns of the user.</summary>
internal sealed class Tries(IdentityOptions options)
{
    private long Window => options.LockoutSeconds * 1000L;

    public bool Locked(UserRow user, long now) => Counts(user) && user.WrongTries >= options.LockoutAttempts && user.WrongAt + Window > now;

    /// <summary>How many wrong ones in a row it is with this one.</summary>
    public long Next(UserRow user, long now) => user.WrongAt + Window > now ? user.WrongTries + 1 : 1;

    public bool Counts(UserRow user) => options is { LockoutAttempts: > 0, LockoutSeconds: > 0 } && !new UserOptions(user.Options).Is("ignore_lockout_failure_attempts");
}
