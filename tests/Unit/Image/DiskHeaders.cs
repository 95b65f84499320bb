using System.Buffers.Binary;
using Xiangyun.Image.Data;
using Xiangyun.Kernel;

namespace Xiangyun.Unit.Image;

public sealed class DiskHeaders
{
    [Fact]
    public void a_plain_qcow2_tells_its_virtual_size() => Assert.Equal(64L << 20, DiskHeader.VirtualSize("qcow2", Qcow2(), 4096));

    [Fact]
    public void a_qcow2_with_a_backing_file_is_refused() => Refused("backing file", Qcow2(backing: 512));

    [Fact]
    public void a_qcow2_with_its_data_elsewhere_is_refused() => Refused("another file", Qcow2(incompatible: 4));

    [Fact]
    public void an_encrypted_qcow2_is_refused() => Refused("encrypted", Qcow2(crypt: 1));

    [Fact]
    public void a_header_that_is_cut_off_is_refused() => Refused("cut off", Qcow2()[..80]);

    [Fact]
    public void a_size_that_no_disk_has_is_refused() => Refused("claims a size", Qcow2(size: ulong.MaxValue));

    [Fact]
    public void random_data_is_no_qcow2() => Refused("no qcow2", [1, 2, 3, 4, 5]);

    [Fact]
    public void a_qcow2_that_is_called_raw_is_refused() =>
        Assert.Contains("disk_format", Assert.Throws<CloudError>(() => DiskHeader.VirtualSize("raw", Qcow2(), 4096)).Message);

    [Fact]
    public void raw_data_is_as_large_as_it_is() => Assert.Equal(12345, DiskHeader.VirtualSize("raw", [0, 1, 2], 12345));

    private static void Refused(string why, byte[] head) => Assert.Contains(why, Assert.Throws<CloudError>(() => DiskHeader.VirtualSize("qcow2", head, head.Length)).Message);

    private static byte[] Qcow2(ulong size = 64 << 20, ulong backing = 0, uint crypt = 0, ulong incompatible = 0)
    {
        var head = new byte[DiskHeader.Bytes];
        BinaryPrimitives.WriteUInt32BigEndian(head, 0x514649FB);
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(4), 3);
        BinaryPrimitives.WriteUInt64BigEndian(head.AsSpan(8), backing);
        BinaryPrimitives.WriteUInt64BigEndian(head.AsSpan(24), size);
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(32), crypt);
        BinaryPrimitives.WriteUInt64BigEndian(head.AsSpan(72), incompatible);
        return head;
    }
}
