using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace Xiangyun.Identity.Passkeys;

/// <summary>Shows our people and their passkeys to the framework's WebAuthn code, which only reads; what comes of a ceremony we write ourselves, audited.</summary>
internal sealed class PasskeyStore(IdentityStore store) : IUserPasskeyStore<UserRow>
{
    public static string Text(byte[] id) => WebEncoders.Base64UrlEncode(id);

    private static UserPasskeyInfo Info(PasskeyRow row) => new(WebEncoders.Base64UrlDecode(row.Id), Convert.FromBase64String(row.PublicKey), DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt), (uint)row.SignCount,
        JsonSerializer.Deserialize<string[]>(row.Transports), isUserVerified: true, row.BackupEligible, row.BackedUp, [], []) { Name = row.Name };

    public Task<string> GetUserIdAsync(UserRow user, CancellationToken ct) => Task.FromResult(user.Id);

    public Task<string?> GetUserNameAsync(UserRow user, CancellationToken ct) => Task.FromResult<string?>(user.Name);

    public Task<UserRow?> FindByIdAsync(string userId, CancellationToken ct) => store.Read(db => db.Users.SingleOrDefaultAsync(u => u.Id == userId));

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(UserRow user, CancellationToken ct) => (await store.Read(db => db.Passkeys.Where(p => p.UserId == user.Id).ToListAsync())).ConvertAll(Info);

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(UserRow user, byte[] credentialId, CancellationToken ct)
    {
        var id = Text(credentialId);
        return await store.Read(db => db.Passkeys.SingleOrDefaultAsync(p => p.Id == id && p.UserId == user.Id)) is { } row ? Info(row) : null;
    }

    public Task<UserRow?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken ct)
    {
        var id = Text(credentialId);
        return store.Read(db => db.Users.SingleOrDefaultAsync(u => db.Passkeys.Any(p => p.Id == id && p.UserId == u.Id)));
    }

    public void Dispose() { }

    private static NotSupportedException Ours() => new("the framework only reads here");
    public Task AddOrUpdatePasskeyAsync(UserRow user, UserPasskeyInfo passkey, CancellationToken ct) => throw Ours();
    public Task RemovePasskeyAsync(UserRow user, byte[] credentialId, CancellationToken ct) => throw Ours();
    public Task SetUserNameAsync(UserRow user, string? userName, CancellationToken ct) => throw Ours();
    public Task<string?> GetNormalizedUserNameAsync(UserRow user, CancellationToken ct) => throw Ours();
    public Task SetNormalizedUserNameAsync(UserRow user, string? normalizedName, CancellationToken ct) => throw Ours();
    public Task<IdentityResult> CreateAsync(UserRow user, CancellationToken ct) => throw Ours();
    public Task<IdentityResult> UpdateAsync(UserRow user, CancellationToken ct) => throw Ours();
    public Task<IdentityResult> DeleteAsync(UserRow user, CancellationToken ct) => throw Ours();
    public Task<UserRow?> FindByNameAsync(string normalizedUserName, CancellationToken ct) => throw Ours();
}
