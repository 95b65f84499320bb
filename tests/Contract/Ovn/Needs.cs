namespace Xiangyun.Contract.Ovn;

/// <summary>Tests of a real engine skip on a machine without it, and fail in CI.</summary>
internal static class Needs
{
    public static void Ovn()
    {
        var missing = OvnCentral.Programs.FirstOrDefault(p => OvnCentral.Find(p) is null);
        if (missing is null) return;
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail($"{missing} is not installed: apt-get install ovn-central");
        Assert.Skip($"{missing} is not installed: apt-get install ovn-central");
    }
}
