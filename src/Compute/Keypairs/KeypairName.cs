using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Keypairs;

/// <summary>What a keypair may be called; 2.92 added the dot and the at sign.</summary>
internal static class KeypairName
{
    public static string Checked(string name, Call call)
    {
        bool Fits(char c) => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '_' || call.AtLeast(92) && c is ('.' or '@');
        return name.Trim() == name && name.Length > 0 && name.All(Fits) ? name : throw CloudError.Invalid($"Keypair data is invalid: Keypair name contains unsafe characters: {name}");
    }
}
