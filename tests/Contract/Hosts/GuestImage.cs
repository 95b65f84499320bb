namespace Xiangyun.Contract.Hosts;

/// <summary>Our own guest image: where the caller says (XY_GUEST_IMAGE), or built once into the artifacts.</summary>
internal static class GuestImage
{
    public static async Task<string> File()
    {
        if (Environment.GetEnvironmentVariable("XY_GUEST_IMAGE") is { Length: > 0 } told) return told;
        var directory = Path.Combine(EngineHost.Top, "artifacts", "guest");
        var file = Path.Combine(directory, "guest.qcow2");
        if (System.IO.File.Exists(file)) return file;
        using var build = EngineHost.Start(Path.Combine(EngineHost.Top, "guest", "build.sh"), directory);
        await build.WaitForExitAsync();
        Assert.True(build.ExitCode == 0 && System.IO.File.Exists(file), "guest/build.sh made no image");
        return file;
    }
}
