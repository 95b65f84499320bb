using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Administrators;
using Xiangyun.Identity.DomainConfigs;
using Xiangyun.Identity.Policies;
using Xiangyun.Store;

namespace Xiangyun.Identity;

internal sealed class IdentityDb(DbContextOptions<IdentityDb> options) : ModuleContext(options)
{
    public DbSet<ProjectRow> Projects => Set<ProjectRow>();
    public DbSet<UserRow> Users => Set<UserRow>();
    public DbSet<GroupRow> Groups => Set<GroupRow>();
    public DbSet<MembershipRow> Memberships => Set<MembershipRow>();
    public DbSet<RoleRow> Roles => Set<RoleRow>();
    public DbSet<ImplicationRow> Implications => Set<ImplicationRow>();
    public DbSet<AssignmentRow> Assignments => Set<AssignmentRow>();
    public DbSet<ApplicationCredentialRow> ApplicationCredentials => Set<ApplicationCredentialRow>();
    public DbSet<RevocationRow> Revocations => Set<RevocationRow>();

    public DbSet<RegionRow> Regions => Set<RegionRow>();
    public DbSet<ServiceRow> Services => Set<ServiceRow>();
    public DbSet<EndpointRow> Endpoints => Set<EndpointRow>();
    public DbSet<CredentialRow> Credentials => Set<CredentialRow>();
    public DbSet<Directories.PersonRow> People => Set<Directories.PersonRow>();
    public DbSet<OpenId.ProviderRow> OpenIdProviders => Set<OpenId.ProviderRow>();
    public DbSet<Passkeys.PasskeyRow> Passkeys => Set<Passkeys.PasskeyRow>();
    public DbSet<Views.ViewRow> Views => Set<Views.ViewRow>();
    public DbSet<SignInRules.PolicyRow> SignInPolicies => Set<SignInRules.PolicyRow>();
    public DbSet<SignInRules.SessionRow> Sessions => Set<SignInRules.SessionRow>();
    public DbSet<Organisations.ClosingRow> Closings => Set<Organisations.ClosingRow>();
    public DbSet<PolicyRow> Policies => Set<PolicyRow>();
    public DbSet<TrustRow> Trusts => Set<TrustRow>();
    public DbSet<AccessRuleRow> AccessRules => Set<AccessRuleRow>();
    public DbSet<EndpointGroupRow> EndpointGroups => Set<EndpointGroupRow>();
    public DbSet<ProjectEndpointRow> ProjectEndpoints => Set<ProjectEndpointRow>();
    public DbSet<ProjectEndpointGroupRow> ProjectEndpointGroups => Set<ProjectEndpointGroupRow>();
    public DbSet<RegisteredLimitRow> RegisteredLimits => Set<RegisteredLimitRow>();
    public DbSet<LimitRow> Limits => Set<LimitRow>();
    public DbSet<BreakGlassRow> BreakGlass => Set<BreakGlassRow>();
    public DbSet<OptionRow> Options => Set<OptionRow>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<Directories.PersonRow>().ToTable("directory_person").HasKey(p => p.Key);
        model.Entity<OpenId.ProviderRow>().ToTable("openid_provider").HasKey(p => p.DomainId);
        model.Entity<Passkeys.PasskeyRow>().ToTable("passkey").HasKey(p => p.Id);
        model.Entity<Views.ViewRow>().ToTable("saved_view").HasKey(v => v.Id);
        model.Entity<SignInRules.PolicyRow>().ToTable("sign_in_policy").HasKey(p => p.DomainId);
        model.Entity<SignInRules.SessionRow>().ToTable("sign_in_session").HasKey(s => s.Id);
        model.Entity<Organisations.ClosingRow>().ToTable("organisation_closing").HasKey(c => c.Id);
        model.Entity<ProjectRow>(e => { e.ToTable("project").HasKey(r => r.Id); e.Property(r => r.IsDomain).HasConversion<long>(); e.Property(r => r.Enabled).HasConversion<long>(); });
        model.Entity<UserRow>(e => { e.ToTable("account").HasKey(r => r.Id); e.Property(r => r.Enabled).HasConversion<long>(); e.Property(r => r.MustChange).HasConversion<long>(); });
        model.Entity<GroupRow>().ToTable("account_group").HasKey(r => r.Id);
        model.Entity<MembershipRow>().ToTable("membership").HasKey(r => new { r.GroupId, r.UserId });
        model.Entity<RoleRow>().ToTable("role").HasKey(r => r.Id);
        model.Entity<ImplicationRow>().ToTable("role_implies").HasKey(r => new { r.PriorId, r.ImpliedId });
        model.Entity<AssignmentRow>(e =>
        {
            e.ToTable("assignment").HasKey(r => new { r.ActorKind, r.ActorId, r.TargetKind, r.TargetId, r.RoleId, r.Inherited });
            e.Property(r => r.Inherited).HasConversion<long>();
            e.HasQueryFilter(r => r.ExpiresAt == null || r.ExpiresAt > Now);
        });
        model.Entity<ApplicationCredentialRow>(e => { e.ToTable("application_credential").HasKey(r => r.Id); e.Property(r => r.Unrestricted).HasConversion<long>(); });
        model.Entity<RegionRow>().ToTable("catalog_region").HasKey(r => r.Id);
        model.Entity<ServiceRow>(e => { e.ToTable("catalog_service").HasKey(r => r.Id); e.Property(r => r.Enabled).HasConversion<long>(); });
        model.Entity<EndpointRow>(e => { e.ToTable("catalog_endpoint").HasKey(r => r.Id); e.Property(r => r.Enabled).HasConversion<long>(); });
        model.Entity<CredentialRow>().ToTable("stored_credential").HasKey(r => r.Id);
        model.Entity<PolicyRow>().ToTable("stored_policy").HasKey(r => r.Id);
        model.Entity<OptionRow>().ToTable("domain_option").HasKey(r => new { r.DomainId, r.Section, r.Name });
        model.Entity<TrustRow>(e => { e.ToTable("trust").HasKey(r => r.Id); e.Property(r => r.Impersonation).HasConversion<long>(); });
        model.Entity<AccessRuleRow>().ToTable("access_rule").HasKey(r => r.Id);
        model.Entity<EndpointGroupRow>().ToTable("endpoint_group").HasKey(r => r.Id);
        model.Entity<ProjectEndpointRow>().ToTable("project_endpoint").HasKey(r => new { r.ProjectId, r.EndpointId });
        model.Entity<ProjectEndpointGroupRow>().ToTable("project_endpoint_group").HasKey(r => new { r.ProjectId, r.GroupId });
        model.Entity<RegisteredLimitRow>().ToTable("registered_limit").HasKey(r => r.Id);
        model.Entity<LimitRow>().ToTable("unified_limit").HasKey(r => r.Id);
        model.Entity<BreakGlassRow>().ToTable("break_glass").HasKey(r => r.Id);
        model.Entity<RevocationRow>().ToTable("revocation").HasKey(r => r.AuditId);
    }
}
