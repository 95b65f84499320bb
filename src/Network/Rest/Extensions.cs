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
        ("standard-attr-tag", "Tag support for resources with standard attribute"), ("rbac-policies", "RBAC Policies"), ("rbac-security-groups", "Add security_group type to network RBAC"),
        ("rbac-address-scope", "Add address_scope type to RBAC"), ("rbac-subnetpool", "Add subnetpool type to RBAC"), ("network-ip-availability", "Network IP Availability"),
        ("qos", "Quality of Service"), ("qos-bw-limit-direction", "Direction for QoS bandwidth limit rule"), ("qos-default", "QoS default policy"), ("qos-fip", "Floating IP QoS"), ("qos-rule-type-details", "Details of QoS rule types"),
        ("qos-rules-alias", "Ability to modify QoS rules by alias"),
        ("dns-integration", "DNS Integration"), ("ip-substring-filtering", "IP address substring filtering"), ("segment", "Segment"),
        ("trunk", "Trunk Extension"), ("trunk-details", "Trunk port details"), ("floating-ip-port-forwarding", "Floating IP Port Forwarding"), ("expose-port-forwarding-in-fip", "Expose Port Forwarding in FIP"),
        ("default-subnetpools", "Default Subnetpools"), ("subnet_allocation", "Subnet Allocation"), ("subnetpool-prefix-ops", "Subnet Pool Prefix Operations"),
    ];
}
