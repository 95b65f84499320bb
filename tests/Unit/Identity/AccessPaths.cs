using Xiangyun.Wire;

namespace Xiangyun.Unit.Identity;

public sealed class AccessPaths
{
    [Theory]
    [InlineData("/v2.1/servers", "/v2.1/servers", true)]
    [InlineData("/v2.1/servers", "/v2.1/servers/1", false)]
    [InlineData("/v2.1/servers/*/ips", "/v2.1/servers/1/ips", true)]
    [InlineData("/v2.1/servers/{server_id}/ips", "/v2.1/servers/1/ips", true)]
    [InlineData("/v2.1/servers/*/ips", "/v2.1/servers/1/2/ips", false)]
    [InlineData("/v2.1/servers/*", "/v2.1/servers", false)]
    [InlineData("/v2.1/**", "/v2.1/servers/1/ips", true)]
    [InlineData("/v2.1/**", "/v2.1", true)]
    [InlineData("/**/ips", "/v2.1/servers/1/ips", true)]
    [InlineData("/v2.1/**", "/v3/volumes", false)]
    [InlineData("**", "/anything/at/all", true)]
    public void a_pattern_stands_for_paths(string pattern, string path, bool fits) => Assert.Equal(fits, AccessRules.Fits(pattern, path));
}
