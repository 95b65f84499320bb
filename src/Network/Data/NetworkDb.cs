using Microsoft.EntityFrameworkCore;
using Xiangyun.Network.FloatingIps;
using Xiangyun.Network.Forwarding;
using Xiangyun.Network.Networks;
using Xiangyun.Network.Ports;
using Xiangyun.Network.Qos;
using Xiangyun.Network.Routers;
using Xiangyun.Network.SecurityGroups;
using Xiangyun.Network.Sharing;
using Xiangyun.Network.SubnetPools;
using Xiangyun.Network.Subnets;
using Xiangyun.Network.Tags;
using Xiangyun.Network.Trunks;
using Xiangyun.Store;

namespace Xiangyun.Network.Data;

internal sealed class NetworkDb(DbContextOptions<NetworkDb> options) : ModuleContext(options)
{
    public DbSet<NetworkRow> Networks => Set<NetworkRow>();
    public DbSet<SubnetRow> Subnets => Set<SubnetRow>();
    public DbSet<PortRow> Ports => Set<PortRow>();
    public DbSet<PortAddressRow> Addresses => Set<PortAddressRow>();
    public DbSet<PortGroupRow> PortGroups => Set<PortGroupRow>();
    public DbSet<GroupRow> Groups => Set<GroupRow>();
    public DbSet<GroupRuleRow> Rules => Set<GroupRuleRow>();
    public DbSet<RouterRow> Routers => Set<RouterRow>();
    public DbSet<FloatingIpRow> FloatingIps => Set<FloatingIpRow>();
    public DbSet<SubnetPoolRow> SubnetPools => Set<SubnetPoolRow>();
    public DbSet<AddressScopeRow> AddressScopes => Set<AddressScopeRow>();

    public DbSet<TagRow> Tags => Set<TagRow>();
    public DbSet<SharingRow> Sharings => Set<SharingRow>();
    public DbSet<QosPolicyRow> QosPolicies => Set<QosPolicyRow>();
    public DbSet<QosRuleRow> QosRules => Set<QosRuleRow>();
    public DbSet<TrunkRow> Trunks => Set<TrunkRow>();
    public DbSet<SubportRow> Subports => Set<SubportRow>();
    public DbSet<ForwardingRow> Forwardings => Set<ForwardingRow>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        Resource<NetworkRow>(model, "network");
        Resource<SubnetRow>(model, "subnet");
        Resource<PortRow>(model, "port");
        Resource<GroupRow>(model, "security_group");
        Resource<GroupRuleRow>(model, "security_group_rule");
        Resource<RouterRow>(model, "router");
        Resource<FloatingIpRow>(model, "floating_ip");
        Resource<SubnetPoolRow>(model, "subnet_pool");
        Resource<AddressScopeRow>(model, "address_scope");
        Resource<SharingRow>(model, "network_rbac");
        Resource<QosPolicyRow>(model, "qos_policy");
        Resource<TrunkRow>(model, "trunk");
        Resource<ForwardingRow>(model, "port_forwarding");
        model.Entity<SubportRow>().ToTable("trunk_subport").HasKey(r => r.PortId);
        model.Entity<QosRuleRow>().ToTable("qos_rule").HasKey(r => r.Id);
        model.Entity<TagRow>().ToTable("network_tag").HasKey(r => new { r.ResourceId, r.Tag });
        model.Entity<PortAddressRow>().ToTable("port_address").HasKey(r => new { r.SubnetId, r.Number });
        model.Entity<PortGroupRow>().ToTable("port_security_group").HasKey(r => new { r.PortId, r.GroupId });
    }

    private static void Resource<T>(ModelBuilder model, string table) where T : ResourceRow
    {
        model.Entity<T>().ToTable(table).HasKey(r => r.Id);
        model.Entity<T>().Property(r => r.Generation).IsConcurrencyToken();
    }
}
