namespace Xiangyun.Client.Records;

/// <summary>A system or website of a bureau.</summary>
/// <param name="Status">empty, stopped, partly or running: what its members are.</param>
public sealed record Site(string Id, string Name, string Description, string ProjectId, string Status, List<string> HostNames, string? Registration, List<Contact> Contacts, List<SiteMember> Members, List<Exposure> Exposure, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

public sealed record Contact(string Name, string? Duty, string? Phone, string? Email);

/// <param name="Kind">server, volume or floating_ip</param>
public sealed record SiteMember(string Kind, string Id, string? Name = null, string? Status = null);

/// <summary>An address of a site that can be reached from outside, and the members that it leads to.</summary>
public sealed record Exposure(string Address, List<SiteMember> Through);
