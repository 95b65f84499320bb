namespace Xiangyun.Network.Rest;

/// <summary>What of Neutron's API this cloud really does; clients and Tempest decide by these aliases what they try.</summary>
internal static class Extensions
{
    public static readonly IReadOnlyList<(string Alias, string Name)> All =
    [
        ("address-scope", "Address scope"), ("agent", "agent"), ("allowed-address-pairs", "Allowed Address Pairs"), ("availability_zone", "Availability Zone"), ("binding", "Port Binding"),
        ("ext-gw-mode", "Neutron L3 Configurable external gateway mode"), ("external-net", "Neutron external network"), ("extraroute", "Neutron Extra Route"),
        ("filter-validation", "Filter parameters validation"), ("fip-port-details", "Floating IP Port Details Extension"), ("net-mtu", "Network MTU"),
        ("net-mtu-writable", "Network MTU (writable)"), ("network_availability_zone", "Network Availability Zone"), ("pagination", "Pagination support"),
        ("port-security", "Port Security"), ("project-id", "project_id field enabled"), ("provider", "Provider Network"), ("quotas", "Quota management support"),
        ("quota_details", "Quota details management support"), ("revision-if-match", "If-Match constraints based on revision_number"), ("router", "Neutron L3 Router"),
        ("router_availability_zone", "Router Availability Zone"), ("security-group", "security-group"), ("security-groups-normalized-cidr", "Normalized CIDR field for security group rules"),
        ("sorting", "Sorting support"), ("standard-attr-description", "standard-attr-description"), ("standard-attr-revisions", "Resource revision numbers"),
        ("standard-attr-timestamp", "Resource timestamps"),
        ("default-subnetpools", "Default Subnetpools"), ("subnet_allocation", "Subnet Allocation"), ("subnetpool-prefix-ops", "Subnet Pool Prefix Operations"),
    ];
}
