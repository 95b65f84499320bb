using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Xiangyun.Kernel;

namespace Xiangyun.Identity;

/// <summary>
/// Password and secret hashes by ASP.NET Core Identity's hasher (PBKDF2-HMAC-SHA512, 100 000 rounds). An unknown user costs
/// the same time as a wrong password. A secret that was right is remembered for a few minutes as its HMAC under a key of this
/// process, together with the stored hash: scripts that sign in over and over pay once, guesses always pay, and a changed
/// password is another hash.
/// </summary>
internal sealed class Passwords
{
    private const int Most = 10_000;
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);
    private readonly PasswordHasher<object> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 100_000 }));
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, long> _right = new();
    private readonly TimeProvider _clock;
    private readonly string _nobody;

    public Passwords(TimeProvider clock)
    {
        _clock = clock;
        _nobody = Hash(Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));
    }

    public string Hash(string secret) => _hasher.HashPassword(this, secret);

    public bool Matches(string? hash, string secret)
    {
        if (hash is null)
        {
            _hasher.VerifyHashedPassword(this, _nobody, secret);
            return false;
        }
        var mark = Convert.ToBase64String(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{hash}\0{secret}")));
        var now = _clock.Ms();
        if (_right.TryGetValue(mark, out var until) && until > now) return true;
        if (_hasher.VerifyHashedPassword(this, hash, secret) == PasswordVerificationResult.Failed) return false;
        if (_right.Count >= Most) _right.Clear();
        _right[mark] = now + (long)Remembered.TotalMilliseconds;
        return true;
    }
}
