using System.Buffers.Binary;
using System.Text;
using Xiangyun.Kernel;

namespace Xiangyun.Compute.Metadata;

/// <summary>
/// Writes a small read-only disc (ISO 9660 level 1 names beside Joliet ones, ECMA-119), for config drives. The same input
/// gives the same bytes, so a host's plan does not change unless its content does.
/// </summary>
internal static class Iso9660
{
    private const int Sector = 2048;

    private sealed class Node(string name, Node? parent, byte[]? data)
    {
        public string Name => name;
        public Node Parent => parent ?? this;
        public byte[]? Data => data;
        public List<Node> Children { get; } = [];
        /// <summary>Of the file's data.</summary>
        public int Place;
        public int Number;
        /// <summary>Where the directory stands, and its bytes: plain names, then Joliet names.</summary>
        public readonly int[] Extent = [0, 0];
        public readonly int[] Length = [0, 0];
        public string Short = "";
    }

    public static byte[] Build(string label, IReadOnlyDictionary<string, byte[]> files, long createdMs)
    {
        var root = Tree(files);
        var folders = Folders(root);
        var next = 19; // 16 empty sectors, two descriptors and the terminator
        var tables = new int[2];
        foreach (var joliet in new[] { 0, 1 })
        {
            tables[joliet] = next;
            next += 2 * Sectors(PathTable(folders, joliet, false).Length);
        }
        foreach (var joliet in new[] { 0, 1 })
            foreach (var folder in folders)
            {
                folder.Length[joliet] = Sectors(Records(folder, joliet, default).Length) * Sector;
                folder.Extent[joliet] = next;
                next += folder.Length[joliet] / Sector;
            }
        var data = folders.SelectMany(f => f.Children).Where(c => c.Data is not null).ToList();
        foreach (var file in data)
        {
            file.Place = next;
            next += Sectors(file.Data!.Length);
        }
        var disc = new byte[next * Sector];
        var at = Clock.FromMs(createdMs);
        foreach (var joliet in new[] { 0, 1 })
        {
            Descriptor(disc.AsSpan((16 + joliet) * Sector, Sector), label, joliet, next, tables[joliet], PathTable(folders, joliet, false).Length, root, at);
            var table = PathTable(folders, joliet, false);
            table.CopyTo(disc, tables[joliet] * Sector);
            PathTable(folders, joliet, true).CopyTo(disc, (tables[joliet] + Sectors(table.Length)) * Sector);
            foreach (var folder in folders) Records(folder, joliet, at).CopyTo(disc, folder.Extent[joliet] * Sector);
        }
        disc[18 * Sector] = 255;
        "CD001\x01"u8.CopyTo(disc.AsSpan(18 * Sector + 1));
        foreach (var file in data) file.Data!.CopyTo(disc, file.Place * Sector);
        return disc;
    }

    private static int Sectors(int bytes) => (bytes + Sector - 1) / Sector;

    private static Node Tree(IReadOnlyDictionary<string, byte[]> files)
    {
        var root = new Node("", null, null);
        foreach (var (path, data) in files.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            var at = root;
            var parts = path.Split('/');
            foreach (var part in parts[..^1])
            {
                var folder = at.Children.FirstOrDefault(c => c.Name == part);
                if (folder is null) at.Children.Add(folder = new Node(part, at, null));
                at = folder;
            }
            at.Children.Add(new Node(parts[^1], at, data));
        }
        return root;
    }

    /// <summary>Breadth first, as path tables want them; gives each its number and each child its short name.</summary>
    private static List<Node> Folders(Node root)
    {
        var all = new List<Node> { root };
        for (var i = 0; i < all.Count; i++)
        {
            all[i].Number = i + 1;
            var n = 0;
            foreach (var child in all[i].Children) child.Short = $"{(child.Data is null ? "D" : "F")}{n++:D3}" + (child.Data is null ? "" : ".;1");
            all.AddRange(all[i].Children.Where(c => c.Data is null));
        }
        return all;
    }

    private static byte[] Named(Node node, int joliet) => node.Name.Length == 0 ? [0] : joliet == 1 ? Encoding.BigEndianUnicode.GetBytes(node.Name) : Encoding.ASCII.GetBytes(node.Short);

    private static byte[] PathTable(List<Node> folders, int joliet, bool big)
    {
        var table = new MemoryStream();
        foreach (var folder in folders)
        {
            var name = Named(folder, joliet);
            var entry = new byte[8 + name.Length + (name.Length & 1)];
            entry[0] = (byte)name.Length;
            if (big)
            {
                BinaryPrimitives.WriteInt32BigEndian(entry.AsSpan(2), folder.Extent[joliet]);
                BinaryPrimitives.WriteInt16BigEndian(entry.AsSpan(6), (short)folder.Parent.Number);
            }
            else
            {
                BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(2), folder.Extent[joliet]);
                BinaryPrimitives.WriteInt16LittleEndian(entry.AsSpan(6), (short)folder.Parent.Number);
            }
            name.CopyTo(entry, 8);
            table.Write(entry);
        }
        return table.ToArray();
    }

    private static byte[] Records(Node folder, int joliet, DateTimeOffset at)
    {
        var records = new MemoryStream();
        void Add(byte[] record)
        {
            // A record never crosses the end of a sector.
            var room = Sector - (int)(records.Length % Sector);
            if (record.Length > room) records.Write(new byte[room]);
            records.Write(record);
        }
        Add(Record([0], folder.Extent[joliet], folder.Length[joliet], true, at));
        Add(Record([1], folder.Parent.Extent[joliet], folder.Parent.Length[joliet], true, at));
        foreach (var child in folder.Children.OrderBy(c => joliet == 1 ? c.Name : c.Short, StringComparer.Ordinal))
            Add(child.Data is null ? Record(Named(child, joliet), child.Extent[joliet], child.Length[joliet], true, at) : Record(Named(child, joliet), child.Place, child.Data.Length, false, at));
        return records.ToArray();
    }

    private static byte[] Record(byte[] name, int place, int length, bool folder, DateTimeOffset at)
    {
        var size = 33 + name.Length;
        var record = new byte[size + (size & 1)];
        record[0] = (byte)record.Length;
        Both(record.AsSpan(2), place);
        Both(record.AsSpan(10), length);
        byte[] time = [(byte)Math.Max(0, at.Year - 1900), (byte)at.Month, (byte)at.Day, (byte)at.Hour, (byte)at.Minute, (byte)at.Second, 0];
        time.CopyTo(record, 18);
        record[25] = (byte)(folder ? 2 : 0);
        Both16(record.AsSpan(28), 1);
        record[32] = (byte)name.Length;
        name.CopyTo(record, 33);
        return record;
    }

    private static void Descriptor(Span<byte> into, string label, int joliet, int sectors, int table, int tableLength, Node root, DateTimeOffset at)
    {
        void Text(Span<byte> field, string text)
        {
            field.Fill((byte)' ');
            if (joliet == 0)
            {
                Encoding.ASCII.GetBytes(text).CopyTo(field);
                return;
            }
            for (var i = 0; i + 1 < field.Length; i += 2) (field[i], field[i + 1]) = (0, (byte)' ');
            Encoding.BigEndianUnicode.GetBytes(text).CopyTo(field);
        }
        into[0] = (byte)(joliet + 1);
        "CD001\x01"u8.CopyTo(into[1..]);
        Text(into[8..40], "LINUX");
        Text(into[40..72], label);
        Both(into[80..], sectors);
        if (joliet == 1) "%/E"u8.CopyTo(into[88..]);
        Both16(into[120..], 1);
        Both16(into[124..], 1);
        Both16(into[128..], Sector);
        Both(into[132..], tableLength);
        BinaryPrimitives.WriteInt32LittleEndian(into[140..], table);
        BinaryPrimitives.WriteInt32BigEndian(into[148..], table + Sectors(tableLength));
        Record([0], root.Extent[joliet], root.Length[joliet], true, at).CopyTo(into[156..]);
        foreach (var (from, to) in new[] { (190, 318), (318, 446), (446, 574), (574, 702), (702, 739), (739, 776), (776, 813) }) Text(into[from..to], "");
        var stamp = Encoding.ASCII.GetBytes(at.ToString("yyyyMMddHHmmss", System.Globalization.CultureInfo.InvariantCulture) + "00");
        stamp.CopyTo(into[813..]);
        stamp.CopyTo(into[830..]);
        "0000000000000000"u8.CopyTo(into[847..]);
        "0000000000000000"u8.CopyTo(into[864..]);
        into[881] = 1;
    }

    private static void Both(Span<byte> into, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(into, value);
        BinaryPrimitives.WriteInt32BigEndian(into[4..], value);
    }

    private static void Both16(Span<byte> into, int value)
    {
        BinaryPrimitives.WriteInt16LittleEndian(into, (short)value);
        BinaryPrimitives.WriteInt16BigEndian(into[2..], (short)value);
    }
}
