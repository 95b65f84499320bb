using Microsoft.EntityFrameworkCore;
using Xiangyun.Network.FloatingIps;
using Xiangyun.Network.Networks;
using Xiangyun.Network.Ports;
using Xiangyun.Network.Routers;
using Xiangyun.Network.SecurityGroups;
using Xiangyun.Network.SubnetPools;
using Xiangyun.Network.Subnets;
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
        model.Entity<PortAddressRow>().ToTable("port_address").HasKey(r => new { r.SubnetId, r.Number });
        model.Entity<PortGroupRow>().ToTable("port_security_group").HasKey(r => new { r.PortId, r.GroupId });
    }

    private static void Resource<T>(ModelBuilder model, string table) where T : ResourceRow
    {
        model.Entity<T>().ToTable(table).HasKey(r => r.Id);
        model.Entity<T>().Property(r => r.Generation).IsConcurrencyToken();
    }
}
