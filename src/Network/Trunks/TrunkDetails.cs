using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Network.Data;
using Xiangyun.Store;

namespace Xiangyun.Network.Trunks;

/// <summary>What a parent port tells of its trunk, so that the guest's owner can configure the VLANs.</summary>
internal static class TrunkDetails
{
    public static async Task<IReadOnlyDictionary<string, JsonObject>> Of(Query q, IReadOnlyCollection<string> ports)
    {
        var db = q.Db<NetworkDb>();
        var trunks = await db.Trunks.Where(t => ports.Contains(t.PortId)).ToListAsync();
        if (trunks.Count == 0) return new Dictionary<string, JsonObject>();
        var ids = trunks.Select(t => t.Id).ToList();
        var subports = await (from s in db.Subports join p in db.Ports on s.PortId equals p.Id where ids.Contains(s.TrunkId) orderby s.Vlan select new { s.TrunkId, s.PortId, s.Vlan, p.Mac }).ToListAsync();
        return trunks.ToDictionary(t => t.PortId, t => new JsonObject
        {
            ["trunk_id"] = t.Id,
            ["sub_ports"] = new JsonArray([.. subports.Where(s => s.TrunkId == t.Id).Select(s => new JsonObject { ["port_id"] = s.PortId, ["segmentation_type"] = "vlan", ["segmentation_id"] = s.Vlan, ["mac_address"] = s.Mac })]),
        });
    }
}
