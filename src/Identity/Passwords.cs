using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Xiangyun.Identity;

/// <summary>
/// Password and secret hashes by ASP.NET Core Identity's hasher (PBKDF2-HMAC-SHA512, 100 000 rounds). An unknown user costs
/// the same time as a wrong password.
/// </summary>
internal sealed class Passwords
{
    private readonly PasswordHasher<object> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 100_000 }));
    private readonly string _nobody;

    public Passwords() => _nobody = Hash(Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));

    public string Hash(string secret) => _hasher.HashPassword(this, secret);

    public bool Matches(string? hash, string secret) => _hasher.VerifyHashedPassword(this, hash ?? _nobody, secret) != PasswordVerificationResult.Failed && hash is not null;
}
