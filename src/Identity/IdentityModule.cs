using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Identity.Administrators;
using Xiangyun.Identity.Catalog;
using Xiangyun.Identity.Credentials;
using Xiangyun.Identity.DomainConfigs;
using Xiangyun.Identity.Ec2;
using Xiangyun.Identity.Factors;
using Xiangyun.Identity.Groups;
using Xiangyun.Identity.Limits;
using Xiangyun.Identity.Organisations;
using Xiangyun.Identity.Policies;
using Xiangyun.Identity.Projects;
using Xiangyun.Identity.Rights;
using Xiangyun.Identity.Roles;
using Xiangyun.Identity.Tokens;
using Xiangyun.Identity.Trusts;
using Xiangyun.Identity.Users;
using Xiangyun.Reconcile;
using Xiangyun.Wire;

namespace Xiangyun.Identity;

/// <summary>The only thing of this module that the server sees.</summary>
public static class IdentityModule
{
    public static IServiceCollection AddIdentity(this IServiceCollection services, IdentityOptions options)
    {
        services.AddDataProtection().SetApplicationName("xiangyun");
        services.AddSingleton<KeyRing>().AddOptions<KeyManagementOptions>().Configure<KeyRing>((o, ring) => o.XmlRepository = ring);
        return services
            .AddSingleton(options).AddSingleton<Passwords>().AddSingleton<PasswordRules>().AddSingleton<Tries>().AddSingleton<CodeCheck>().AddSingleton<Receipts>().AddSingleton<Vault>().AddSingleton<TokenWire>().AddSingleton<TokenSender>().AddSingleton<Epoch>().AddSingleton<IdentityStore>().AddSingleton<TicketSeal>().AddSingleton<Directories.Directories>().AddSingleton<Claimants>().AddSingleton<IFactor, PasswordFactor>().AddSingleton<IFactor, CodeFactor>().AddSingleton<IFactor, TokenFactor>().AddSingleton<IFactor, CredentialFactor>()
            .AddSingleton<Passkeys.PasskeyStore>().AddSingleton<Passkeys.Ceremony>().AddSingleton<IFactor, Passkeys.PasskeyFactor>().AddApi<Passkeys.PasskeyApi>()
            .AddSingleton<SignIn>().AddSingleton<ScopeChoice>().AddSingleton<SignInLog>().AddSingleton<CatalogView>()
            .AddSingleton<TokenReader>().AddSingleton<ITokens>(p => p.GetRequiredService<TokenReader>())
            .AddSingleton<Public.IProjects, ProjectFace>().AddSingleton<Public.IBranches, Branches>()
            .AddSingleton<Store.Quotas.IOrganisations, OrganisationTree>().AddSingleton<Power>().AddSingleton<Public.IPower>(p => p.GetRequiredService<Power>()).AddSingleton<Public.IStandpoints, Standpoints>().AddApi<OrganisationApi>().AddSingleton<Store.Quotas.IQuotaUse, ProjectUse>().AddSingleton<Store.Figures.IFigures, IdentityFigures>().AddSingleton<Estate>().AddReconciler<Closer>().AddApi<LifeApi>().AddApi<QuotaApi>().AddApi<QuotaPictureApi>().AddApi<LoanApi>()
            .AddHostedService<Bootstrap>().AddHostedService<FirstAccounts>().AddApi<AdministratorApi>().AddApi<BreakGlassApi>().AddApi<GrantApi>().AddApi<RightsApi>().AddApi<BelongingsApi>().AddSingleton<OpenId.Providers>().AddSingleton<OpenId.Assertions>().AddSingleton<OpenId.CodeFlow>().AddSingleton<IFactor, OpenId.CodeFactor>().AddApi<OpenId.ProviderApi>().AddApi<OpenId.FederationApi>().AddApi<SignInRules.PolicyApi>().AddApi<SignInRules.SessionApi>().AddApi<Views.ViewApi>().AddSingleton<Store.Belongings.IBelongings, IdentityBelongings>()
            .AddApi<VersionApi>().AddApi<RegionApi>().AddApi<ServiceApi>().AddApi<EndpointApi>().AddApi<TokenApi>().AddApi<DomainApi>().AddApi<ProjectApi>().AddApi<TagApi>().AddSingleton<UserApi>().AddSingleton<IApi>(p => p.GetRequiredService<UserApi>()).AddApi<OwnPasswordApi>().AddApi<GroupApi>().AddApi<RoleApi>().AddApi<RoleRulesApi>().AddApi<AssignmentApi>()
            .AddApi<ApplicationCredentialApi>().AddApi<AccessRuleApi>().AddApi<TrustApi>().AddApi<Ec2Api>().AddApi<Ec2TokenApi>()
            .AddApi<EndpointGroupApi>().AddApi<EndpointFilterApi>().AddApi<RegisteredLimitApi>().AddApi<LimitApi>().AddApi<CredentialApi>().AddApi<PolicyApi>().AddApi<DefaultConfigApi>().AddApi<ConfigApi>();
    }
}
