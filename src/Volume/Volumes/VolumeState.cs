using Xiangyun.Volume.Attachments;

namespace Xiangyun.Volume.Volumes;

/// <summary>The status that clients see: a pure function of what is wanted and what was seen. Nobody resets it, so it cannot stick.</summary>
internal static class VolumeState
{
    /// <summary>A fault that the agent calls passing counts as one when it has lasted this long.</summary>
    public const long Patience = 5 * 60 * 1000;

    public static string Of(VolumeRow volume, IReadOnlyCollection<AttachmentRow> attachments, bool uploading, long now)
    {
        var faulty = Faulty(volume, now);
        if (volume.Gone) return faulty ? "error_deleting" : "deleting";
        if (volume.ResetStatus is { } word) return word;
        if (volume.SeenContent < volume.Content) return faulty ? "error" : volume.RefillFrom is null ? "downloading" : "reverting";
        if (!volume.Present) return faulty ? "error" : "creating";
        if (volume.SeenSizeGib < volume.SizeGib) return faulty ? "error_extending" : "extending";
        if (faulty) return "error";
        if (attachments.Any(a => !a.Wanted)) return "detaching";
        if (attachments.Any(a => a is { Seen: false, Parked: true })) return "reserved";
        if (attachments.Any(a => !a.Seen) && !attachments.Any(a => a.Seen)) return "attaching";
        if (uploading) return "uploading";
        if (volume.Held is { } held) return held;
        return attachments.Count > 0 ? "in-use" : "available";
    }

    public static bool Faulty(VolumeRow volume, long now) =>
        volume.Fault is not null && volume.SeenGeneration == volume.Generation && (!volume.FaultTransient || now - volume.FaultSince > Patience);
}
