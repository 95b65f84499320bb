using System.Text.Json;
using System.Text.Json.Serialization;

namespace Xiangyun.Client.Records;

/// <summary>What the other services list: images, volumes, networks, people, hosts, organisations, the audit log.</summary>
public sealed record Image(string Id, string Name, string Status, string? Visibility, string? DiskFormat, long? Size, int MinDisk, int MinRam, string? Owner, DateTimeOffset CreatedAt, bool Protected, string? OsHashValue);

/// <param name="Size">GiB.</param>
public sealed record Volume(string Id, string? Name, string Status, int Size, string? VolumeType, string? Description, DateTimeOffset CreatedAt, [property: JsonPropertyName("bootable")] string? Boots, List<VolumeAttachment> Attachments)
{
    public bool Busy => Status is "creating" or "deleting" or "attaching" or "detaching" or "extending" or "downloading" or "backing-up";
}

public sealed record VolumeAttachment(string ServerId, string? Device);

public sealed record Snapshot(string Id, string? Name, string Status, int Size, string VolumeId, DateTimeOffset CreatedAt);

public sealed record VolumeType(string Id, string Name, string? Description);

public sealed record Network(string Id, string Name, string Status, bool AdminStateUp, bool Shared, [property: JsonPropertyName("router:external")] bool External, List<string> Subnets, int Mtu, string? ProjectId);

public sealed record Subnet(string Id, string Name, string NetworkId, string Cidr, int IpVersion, string? GatewayIp, bool EnableDhcp, string? ProjectId);

public sealed record Router(string Id, string Name, string Status, [property: JsonPropertyName("external_gateway_info")] Gateway? External, string? ProjectId);

public sealed record Gateway(string NetworkId);

public sealed record Port(string Id, string? Name, string NetworkId, string DeviceId, string DeviceOwner, string Status, string MacAddress, List<FixedIp> FixedIps, List<string> SecurityGroups, string? ProjectId);

public sealed record FixedIp(string SubnetId, string IpAddress);

public sealed record FloatingIp(string Id, string FloatingIpAddress, string? FixedIpAddress, string? PortId, string Status, string FloatingNetworkId, string? QosPolicyId = null);

public sealed record QosPolicy(string Id, string Name, List<QosRule> Rules)
{
    /// <summary>What a floating IP that follows it counts for, in Mbit/s; null when it is not limited both ways.</summary>
    public long? ExitMbits => Widest("egress") is { } outward && Widest("ingress") is { } inward ? (Math.Max(outward, inward) + 999) / 1000 : null;

    private long? Widest(string direction) => Rules.Where(r => r.Type == "bandwidth_limit" && r.Direction == direction && r.MaxKbps > 0).Max(r => r.MaxKbps);
}

public sealed record QosRule(string Type, string? Direction, long? MaxKbps);

public sealed record SecurityGroup(string Id, string Name, string? Description, List<SecurityRule> SecurityGroupRules, string? ProjectId);

public sealed record SecurityRule(string Id, string Direction, string Ethertype, string? Protocol, int? PortRangeMin, int? PortRangeMax, string? RemoteIpPrefix, string? RemoteGroupId);

public sealed record Host(string Id, string Name, string Zone, bool Enabled, string? DisabledReason, bool Simulated, bool Alive, string? Accelerator, string? Arch, int Vcpus, long MemoryMib, long DiskGib, int RunningServers, long MemoryUsedMib, long DiskUsedGib, double CpuPercent, long? SeenAt)
{
    public string? PowerText { get; init; }
    public string? PowerWanted { get; init; }
    public string? PowerWhy { get; init; }
    /// <summary>Of a simulated host: what the use of its guests follows.</summary>
    public string? LoadSource { get; init; }
    /// <summary>Where other hosts reach it when a guest moves while it runs; empty = guests do not move so.</summary>
    public string MoveAddress { get; init; } = "";
}

public sealed record Organisation(string Id, string Name, string Kind, string? ParentId, string? DomainId, bool Enabled, string? Description);

public sealed record Project(string Id, string Name, string DomainId, string? Description, bool Enabled, string? ParentId);

public sealed record Domain(string Id, string Name, string? Description, bool Enabled);

public sealed record User(string Id, string Name, string DomainId, bool Enabled, string? Email, string? Description);

public sealed record Role(string Id, string Name);

public sealed record ApplicationCredential(string Id, string Name, string? Description, string? ExpiresAt, string? Secret);

public sealed record AuditRecord(string Id, long Seq, string? Hash, DateTimeOffset At, string? UserId, string? UserName, List<string> Roles, string? Scope, string? DomainId, string? ProjectId, string? Remote, string? Agent, string? RequestId, string Action, string? Kind, string? ObjectId, string Result, int? Status, JsonElement Detail, JsonElement Before, JsonElement After);

public sealed record AuditState(string Level, long? ChainedSeq, string? ChainedHash, long Waiting, long? SignedSeq, DateTimeOffset? SignedAt, string? Key, bool CanSign, int RetentionDays);

public sealed record Loan(string Id, string Resource, long Amount, string LenderId, string BorrowerId, string? ProposedBy, string? Reason, string Status, DateTimeOffset? CreatedAt, DateTimeOffset? ExpiresAt);

/// <summary>One resource of one organisation's quota. Null where nothing is granted or limited.</summary>
public sealed record Quota(string Resource, string Unit, long? Granted, long Borrowed, long Lent, string? SharedWith, long HandedOut, long Used, long? Left);

public sealed record Named(string Id, string? Name);

public sealed record AssignmentScope(Named? Project, Named? Domain, JsonElement? System);

public sealed record Assignment(Named Role, Named? User, Named? Group, AssignmentScope Scope);

public sealed record Credential(string Id, string Type, string UserId, string? Blob);

/// <summary>Whether something could be placed, and why not.</summary>
/// <param name="Fitting">How many hosts could take it, of <paramref name="Looked"/>.</param>
/// <param name="Hosts">Host by host; empty for those who do not run hosts.</param>
public sealed record Explanation(bool Placeable, string? Message, int Fitting, int Looked, List<Hindrance> Reasons, List<Verdict> Hosts);

public sealed record Hindrance(string Reason, int Hosts);

public sealed record Verdict(string HostId, string HostName, bool Simulated, bool Fits, List<string> Reasons, double? Score);

public sealed record Recycled(string Id, string? Name, string ProjectId, DateTimeOffset DeletedAt, DateTimeOffset Until);

/// <summary>What somebody is shown when it comes in.</summary>
public sealed record Me(DateTimeOffset? LastSignInAt, string? LastSignInFrom, int FailuresInBetween, bool SecondFactorDemanded, bool SecondFactorEnrolled);

/// <summary>One token that is out.</summary>
public sealed record SignedIn(string Id, bool ThisOne, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt, string From, string Agent);

public sealed record Passkey(string Id, string Name, string Origin, bool Synced, DateTimeOffset CreatedAt, DateTimeOffset? UsedAt);

/// <summary>What a browser must be asked, and what goes with its answer.</summary>
public sealed record PasskeyChallenge(System.Text.Json.Nodes.JsonNode Options, string State);

/// <summary>Opens the big screen and nothing else; the secret is told once.</summary>
public sealed record ScreenToken(string Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, string? Secret);

/// <summary>A list as its reader likes to see it: the query part of its address under a name.</summary>
public sealed record SavedView(string Id, string Page, string Name, string Query);

/// <summary>One resource over a piece of the tree of organisations.</summary>
public sealed record QuotaTreePiece(string Resource, string Unit, List<QuotaNode> Nodes, List<QuotaTreeLoan> Loans, bool Cut);

/// <param name="Least">The smallest and the largest grant that the rule allows now; no largest where nobody above has a grant.</param>
public sealed record QuotaNode(string Id, string Name, string? ParentId, int Depth, long? Granted, long Borrowed, long Lent, string? SharedWith, long HandedOut, long Used, long? Left, long Least, long? Most, bool MayGrant);

public sealed record QuotaTreeLoan(string Id, string LenderId, string BorrowerId, long Amount, DateTimeOffset ExpiresAt);
