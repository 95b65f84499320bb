using Xiangyun.Kernel;
using Xiangyun.Volume.Attachments;
using Xiangyun.Volume.Volumes;

namespace Xiangyun.Unit.Volume;

public sealed class VolumeStates
{
    private const long Now = 1_000_000_000;

    [Fact]
    public void a_volume_that_no_host_has_reported_is_being_created() => Is("creating", Volume(present: false, seenSize: 0));

    [Fact]
    public void a_volume_that_is_there_is_available() => Is("available", Volume());

    [Fact]
    public void a_lasting_fault_makes_an_error_and_tells_which_kind()
    {
        Is("error", Volume(present: false, fault: "no space"));
        Is("error_extending", Volume(size: 5, seenSize: 1, fault: "no space"));
        Is("error_deleting", Volume(gone: true, fault: "no space"));
    }

    [Fact]
    public void a_passing_fault_counts_only_when_it_lasts()
    {
        Is("creating", Volume(present: false, fault: "busy", transient: true, since: Now - 1000));
        Is("error", Volume(present: false, fault: "busy", transient: true, since: Now - VolumeState.Patience - 1));
    }

    [Fact]
    public void a_fault_of_an_older_wish_says_nothing_of_the_new_one() => Is("extending", Volume(size: 5, seenSize: 1, fault: "no space", generation: 2, seenGeneration: 1));

    [Fact]
    public void it_extends_until_the_host_has_seen_the_size() => Is("extending", Volume(size: 5, seenSize: 1));

    [Fact]
    public void attachments_decide_what_a_healthy_volume_is()
    {
        Is("attaching", Volume(), Attachment(wanted: true, seen: false));
        Is("in-use", Volume(), Attachment(wanted: true, seen: true));
        Is("detaching", Volume(), Attachment(wanted: false, seen: true));
    }

    [Fact]
    public void deleting_stands_above_everything() => Is("deleting", Volume(gone: true), Attachment(true, true));

    [Theory]
    [InlineData(null, -1, "/dev/vdb")]
    [InlineData("/dev/vdd", -1, "/dev/vdd")]
    [InlineData("vde", -1, "/dev/vde")]
    [InlineData("/dev/xvdf", -1, "/dev/vdb")]
    [InlineData(null, 0, "/dev/vda")]
    public void a_wish_for_a_device_is_granted_when_it_is_a_virtio_name(string? wanted, int bootIndex, string device) => Assert.Equal(device, AttachRules.Device(wanted, bootIndex, []));

    [Fact]
    public void a_device_is_given_once()
    {
        Assert.Equal("/dev/vdc", AttachRules.Device(null, -1, ["/dev/vdb"]));
        Assert.Equal(ErrorKind.Conflict, Assert.Throws<CloudError>(() => AttachRules.Device("/dev/vdb", -1, ["/dev/vdb"])).Kind);
    }

    private static void Is(string status, VolumeRow row, params AttachmentRow[] attachments) => Assert.Equal(status, VolumeState.Of(row, attachments, false, Now));

    private static VolumeRow Volume(bool present = true, int size = 1, int seenSize = 1, bool gone = false, string? fault = null, bool transient = false, long since = 0, long generation = 1, long seenGeneration = 1) => new()
    {
        Id = "v", ProjectId = "p", UserId = "u", TypeId = "t", Zone = "nova", HostId = "h", SizeGib = size, Gone = gone, Generation = generation, SeenGeneration = seenGeneration,
        Present = present, SeenSizeGib = seenSize, Fault = fault, FaultTransient = transient, FaultSince = since,
    };

    private static AttachmentRow Attachment(bool wanted, bool seen) => new() { Id = "a", VolumeId = "v", ServerId = "s", Device = "/dev/vdb", Wanted = wanted, Seen = seen };
}
