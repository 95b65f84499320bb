using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Hosting.Limits;
using Xiangyun.Hosting.Sites;
using Xiangyun.Store.Belongings;
using Xiangyun.Store.Figures;
using Xiangyun.Store.Quotas;
using Xiangyun.Wire;

namespace Xiangyun.Hosting;

/// <summary>The only thing of this module that the server sees.</summary>
public static class HostingModule
{
    internal static readonly Service Service = new() { Types = ["xiangyun"], Name = "xiangyun", Root = "/xiangyun", CatalogPath = "/v1", Prefixes = ["/v1"], Errors = ErrorStyle.Own };

    public static IServiceCollection AddHosting(this IServiceCollection services) => services
        .AddSingleton<SiteMembers>().AddSingleton<SiteStore>()
        .AddSingleton<IQuotaUse, HostingUse>().AddSingleton<IBelongings, HostingBelongings>().AddSingleton<IFigures, HostingFigures>()
        .AddApi<SiteApi>();
}
