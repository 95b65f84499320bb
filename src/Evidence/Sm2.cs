using Org.BouncyCastle.Asn1.GM;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;

namespace Xiangyun.Evidence;

/// <summary>
/// Signatures of GB/T 32918.2-2016 on the curve of GB/T 32918.5-2017, with SM3 and the default user id of GB/T 35276-2017
/// ("1234567812345678"), as BouncyCastle computes them. A signature is r and s, 32 bytes each; a public key is the
/// uncompressed point, 65 bytes.
/// </summary>
public static class Sm2
{
    public const int SignatureLength = 64;
    public const int PublicLength = 65;
    private static readonly ECDomainParameters Curve = new(GMNamedCurves.GetByName("sm2p256v1"));

    /// <returns>The private number (32 bytes) and the public point.</returns>
    public static (byte[] Private, byte[] Public) NewKey()
    {
        var generator = new ECKeyPairGenerator();
        generator.Init(new ECKeyGenerationParameters(Curve, new SecureRandom()));
        var pair = generator.GenerateKeyPair();
        var secret = ((ECPrivateKeyParameters)pair.Private).D.ToByteArrayUnsigned();
        var padded = new byte[32];
        secret.CopyTo(padded, 32 - secret.Length);
        return (padded, ((ECPublicKeyParameters)pair.Public).Q.GetEncoded(compressed: false));
    }

    public static byte[] Sign(byte[] secret, ReadOnlySpan<byte> message)
    {
        var signer = Signer(true, new ParametersWithRandom(new ECPrivateKeyParameters(new BigInteger(1, secret), Curve), new SecureRandom()));
        signer.BlockUpdate(message);
        return signer.GenerateSignature();
    }

    /// <returns>false also for a point that is not on the curve.</returns>
    public static bool Verify(byte[] point, ReadOnlySpan<byte> message, byte[] signature)
    {
        try
        {
            var signer = Signer(false, new ECPublicKeyParameters(Curve.Curve.DecodePoint(point), Curve));
            signer.BlockUpdate(message);
            return signature.Length == SignatureLength && signer.VerifySignature(signature);
        }
        catch (Exception e) when (e is ArgumentException or ArithmeticException or CryptoException)
        {
            return false;
        }
    }

    /// <summary>A key's name: the first half of the SM3 of its public point, in hexadecimal.</summary>
    public static string Name(byte[] point) => Hex.Of(Sm3.Of(point))[..32];

    private static SM2Signer Signer(bool sign, ICipherParameters key)
    {
        var signer = new SM2Signer(PlainDsaEncoding.Instance);
        signer.Init(sign, key);
        return signer;
    }
}
