namespace Xiangyun.Identity;

/// <summary>What the operator demands of passwords and of tries to guess them; 0 turns a rule off.</summary>
public sealed record IdentityOptions
{
    /// <summary>Wrong passwords in a row after which a user is locked.</summary>
    public int LockoutAttempts { get; init; } = 10;
    /// <summary>Seconds that a lock lasts; a wrong try that is older counts no more.</summary>
    public int LockoutSeconds { get; init; } = 60;
    /// <summary>How many of the last passwords, the present one included, a user may not choose again.</summary>
    public int PasswordHistory { get; init; } = 2;
    /// <summary>Days after which a password must be changed.</summary>
    public int PasswordExpiresDays { get; init; }
    /// <summary>Days for which a user has to keep a new password.</summary>
    public int MinimumPasswordAgeDays { get; init; }
    /// <summary>A regular expression that new passwords must match, and how to say it to people.</summary>
    public string? PasswordRegex { get; init; }
    public string? PasswordRegexDescription { get; init; }
    /// <summary>A password that an administrator has set is good only for choosing an own one.</summary>
    public bool ChangePasswordUponFirstUse { get; init; }
}
