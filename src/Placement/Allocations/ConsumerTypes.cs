using System.Text.RegularExpressions;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Placement.Allocations;

/// <summary>Of what type a consumer is (1.38), such as INSTANCE; what did not say counts as unknown.</summary>
internal static partial class ConsumerTypes
{
    public const string Unknown = "unknown", All = "all";

    [GeneratedRegex("^[A-Z0-9_]{1,255}$")]
    private static partial Regex Form();

    public static string Read(Fields body)
    {
        var type = body.Text("consumer_type", 1);
        return type == Unknown || Form().IsMatch(type) ? type : throw CloudError.Invalid("JSON does not validate: consumer_type must match ^[A-Z0-9_]+$.");
    }
}
