using System.Security.Cryptography;

namespace Xiangyun.Compute.Servers;

/// <summary>A password for those who gave none. It is handed back in the answer and kept nowhere.</summary>
internal static class Password
{
    public static string Make() => RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789", 12);
}
