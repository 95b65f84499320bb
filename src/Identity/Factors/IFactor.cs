using Xiangyun.Identity.Tokens;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Factors;

/// <summary>One way to prove who somebody is: a method of Keystone's sign-in. What is wrong is refused in the same words, whatever it was.</summary>
internal interface IFactor
{
    string Method { get; }

    /// <param name="identity">The whole of auth.identity; each factor reads its own part.</param>
    Task<Proof> Prove(Call call, Fields identity);
}
