using System.Security.Cryptography;
using Google.Protobuf;
using Xiangyun.Protocol;

namespace Xiangyun.Contract.Agents;

/// <summary>Pushes an image as a server does.</summary>
internal static class Upload
{
    public static async Task<PutImageAnswer> Put(HostAgent.HostAgentClient host, string imageId, string sha512, byte[] bytes, string format = "qcow2")
    {
        using var put = host.PutImage();
        await put.RequestStream.WriteAsync(new ImageChunk { Head = new ImageHead { ImageId = imageId, Sha512 = sha512, Format = format, Size = bytes.Length } });
        foreach (var part in bytes.Chunk(64 * 1024)) await put.RequestStream.WriteAsync(new ImageChunk { Data = UnsafeByteOperations.UnsafeWrap(part) });
        await put.RequestStream.CompleteAsync();
        return await put.ResponseAsync;
    }

    public static string Sum(byte[] bytes) => Convert.ToHexStringLower(SHA512.HashData(bytes));
}
