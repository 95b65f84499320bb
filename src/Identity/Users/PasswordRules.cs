using System.Text.RegularExpressions;
using Xiangyun.Kernel;

namespace Xiangyun.Identity.Users;

/// <summary>The operator's rules for passwords, applied to one user. A user who chooses is bound by all; an administrator who sets one, by its form only.</summary>
internal sealed class PasswordRules(IdentityOptions options, Passwords passwords)
{
    private const long Day = 86_400_000;
    private readonly Regex? _form = options.PasswordRegex is { } pattern ? new Regex(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)) : null;

    public long? ExpiresAt(UserRow user)
    {
        if (user.PasswordHash is null) return null;
        if (user.MustChange) return user.PasswordChangedAt ?? user.CreatedAt;
        if (options.PasswordExpiresDays <= 0 || new UserOptions(user.Options).Is("ignore_password_expiry")) return null;
        return (user.PasswordChangedAt ?? user.CreatedAt) + options.PasswordExpiresDays * Day;
    }

    /// <summary>Whether the user has to choose a new one when this one was set for it.</summary>
    public bool MustChange(UserOptions own) => options.ChangePasswordUponFirstUse && !own.Is("ignore_change_password_upon_first_use");

    public void MustHaveForm(string password)
    {
        if (_form is not null && !_form.IsMatch(password))
            throw CloudError.Invalid($"The password does not match the requirements: {options.PasswordRegexDescription ?? "the pattern that this cloud's operator has set"}.");
    }

    public void MustBeFree(UserRow user, string next, long now)
    {
        if (new UserOptions(user.Options).Is("lock_password")) throw CloudError.Invalid("The password of this user is locked; only an administrator may change it.");
        var age = now - (user.PasswordChangedAt ?? user.CreatedAt);
        if (!user.MustChange && age < options.MinimumPasswordAgeDays * Day) throw CloudError.Invalid($"A password must be kept for {options.MinimumPasswordAgeDays} days before it may be changed.");
        var last = new[] { user.PasswordHash }.Concat(Keystone.Texts(user.EarlierHashes)).Take(options.PasswordHistory);
        if (last.Any(hash => passwords.Matches(hash, next))) throw CloudError.Invalid($"The new password cannot be one of the last {options.PasswordHistory}.");
    }

    /// <summary>What is kept of earlier passwords once this user gets another one.</summary>
    public string Earlier(UserRow user) => System.Text.Json.JsonSerializer.Serialize(
        new[] { user.PasswordHash }.OfType<string>().Concat(Keystone.Texts(user.EarlierHashes)).Take(Math.Max(0, options.PasswordHistory - 1)));
}
