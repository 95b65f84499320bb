using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Networks;
using Xiangyun.Network.Rest;
using Xiangyun.Network.Subnets;
using Xiangyun.Wire;

namespace Xiangyun.Network.Ports;

/// <summary>What a client may ask of a port.</summary>
internal static class PortRules
{
    private const int MostAddresses = 5;
    private const int MostPairs = 10;

    public static void RefuseForeign(Actor actor, NetworkRow network, bool shared, Fields fields)
    {
        Owner.AdminOnly(actor, fields, "binding:host_id", "binding:profile");
        if (actor.MaySee(network.ProjectId)) return;
        var exact = fields.ObjectsOr("fixed_ips")?.Any(f => f.Has("ip_address")) == true;
        if (exact || fields.Has("mac_address") || fields.Has("port_security_enabled") || fields.Has("allowed_address_pairs"))
            throw CloudError.Forbidden($"Only the owner of network {network.Id} may choose mac_address, fixed ip_address, port_security_enabled and allowed_address_pairs.", "PolicyNotAuthorized");
        if (network.External && !network.Shared && !shared)
            throw CloudError.Forbidden($"It is not allowed to create an interface on external network {network.Id}.", "PolicyNotAuthorized");
    }

    public static IReadOnlyList<AddressWish>? Fixed(Fields fields)
    {
        if (fields.ObjectsOr("fixed_ips") is not { } items) return null;
        if (items.Count > MostAddresses) throw CloudError.Invalid($"Invalid input for operation: Exceeded maximum amount of fixed ips per port ({MostAddresses}).", "InvalidInput");
        var wishes = items.Select(item =>
        {
            var wish = new AddressWish(item.TextOr("subnet_id"), item.TextOr("ip_address"));
            item.Done();
            if (wish.SubnetId is null && wish.Ip is null) throw CloudError.Invalid("Invalid input for fixed_ips. Reason: give subnet_id, ip_address or both.", "HTTPBadRequest");
            return wish with { Ip = wish.Ip is null ? null : Ip.Wanted("fixed_ips", wish.Ip).ToString() };
        }).ToList();
        if (wishes.Where(w => w.Ip is not null).GroupBy(w => w.Ip).Any(g => g.Count() > 1)) throw CloudError.Invalid("Invalid input for fixed_ips. Reason: Duplicate IP address.", "HTTPBadRequest");
        return wishes;
    }

    public static string DeviceOwner(Actor actor, string owner, string before)
    {
        if (owner != before && !actor.IsAdmin && owner.StartsWith("network:", StringComparison.Ordinal))
            throw CloudError.Forbidden($"Only an administrator may set device_owner to '{owner}'.", "PolicyNotAuthorized");
        return owner;
    }

    /// <summary>Addresses besides its own that a port may use.</summary>
    public static string? Pairs(Fields fields, string mac)
    {
        if (fields.ObjectsOr("allowed_address_pairs") is not { } items) return fields.Has("allowed_address_pairs") ? "[]" : null;
        var pairs = items.Select(item =>
        {
            var text = item.Text("ip_address");
            var ip = Cidr.Parse(text) ?? throw CloudError.Invalid($"Invalid input for allowed_address_pairs. Reason: '{text}' is not a valid IP address or network.", "HTTPBadRequest");
            var pair = new AddressPair(text.Contains('/') ? ip.ToString() : ip.Network.ToString(), item.TextOr("mac_address") is { } own ? Mac.Wanted(own) : mac);
            item.Done();
            return pair;
        }).ToList();
        if (pairs.Distinct().Count() != pairs.Count) throw CloudError.Invalid("Request contains duplicate address pair.", "DuplicateAddressPairInRequest");
        if (pairs.Count > MostPairs) throw CloudError.Invalid($"The number of allowed address pairs exceeds the maximum {MostPairs}.", "AddressPairLimitExhausted");
        return JsonText.Write(pairs);
    }

    public static string? VnicType(Fields fields) => fields.OneOf("binding:vnic_type", "normal");

    public static string? Profile(Fields fields) => fields.Raw("binding:profile") is { ValueKind: System.Text.Json.JsonValueKind.Object } raw ? raw.GetRawText() : fields.Has("binding:profile") ? "{}" : null;
}
