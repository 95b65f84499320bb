using Xiangyun.Kernel;

namespace Xiangyun.Wire;

/// <summary>Turns the text of <c>X-Auth-Token</c> into who calls; implemented by Identity.</summary>
public interface ITokens
{
    /// <returns>null when the token is unknown, expired, revoked, or its user or project is disabled.</returns>
    Task<Actor?> Authenticate(string token, CancellationToken ct);
}
