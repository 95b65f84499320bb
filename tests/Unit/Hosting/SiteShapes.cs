using Xiangyun.Hosting.Sites;
using Xiangyun.Kernel;
using Xiangyun.Store.Members;

namespace Xiangyun.Unit.Hosting;

public sealed class SiteShapes
{
    [Theory]
    [InlineData("WWW.Example.gov.cn.", "www.example.gov.cn")]
    [InlineData("政务.中国", "xn--zfr164b.xn--fiqs8s")]
    [InlineData("a-1.b2.cn", "a-1.b2.cn")]
    public void a_domain_name_is_kept_as_dns_has_it(string text, string name) => Assert.Equal(name, SiteRules.HostName(text));

    [Theory]
    [InlineData("localhost")]
    [InlineData("www.example.gov.cn:443")]
    [InlineData("https://example.cn/")]
    [InlineData("10.0.0.1")]
    [InlineData("-a.cn")]
    [InlineData("a..cn")]
    [InlineData("*.example.cn")]
    [InlineData("a b.cn")]
    [InlineData("")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.cn")]
    public void what_is_no_domain_name_is_refused_with_an_example(string text) => Assert.Contains("www.example.gov.cn", Assert.Throws<CloudError>(() => SiteRules.HostName(text)).Message);

    [Theory]
    [InlineData("京ICP备12345678号-1", "京ICP备12345678号-1")]
    [InlineData("粤icp备2021012345号", "粤ICP备2021012345号")]
    [InlineData("皖 ICP证 030173 号", "皖ICP证030173号")]
    public void a_registration_number_is_kept_in_its_usual_form(string text, string number) => Assert.Equal(number, SiteRules.Registration(text));

    [Theory]
    [InlineData("ICP备12345678号")]
    [InlineData("美ICP备12345678号")]
    [InlineData("京ICP备123号")]
    [InlineData("京ICP备12345678号-0")]
    [InlineData("京ICP备12345678")]
    [InlineData("X")]
    public void another_form_of_it_is_refused(string text) => Assert.Throws<CloudError>(() => SiteRules.Registration(text));

    [Theory]
    [InlineData("empty")]
    [InlineData("running", "server+")]
    [InlineData("running", "server+", "volume+", "floating_ip+")]
    [InlineData("partly", "server+", "server-")]
    [InlineData("partly", "server+", "volume-")]
    [InlineData("stopped", "server-", "volume+")]
    [InlineData("stopped", "volume+", "floating_ip+")]
    public void its_state_is_that_of_its_members(string state, params string[] members) =>
        Assert.Equal(state, SiteRules.Status([.. members.Select((m, i) => new Member(m[..^1], $"{i}", "", "", "", m[^1] == '+'))]));
}
