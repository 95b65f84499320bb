using Xiangyun.Fleet.Public;

namespace Xiangyun.Fleet.Power;

/// <summary>Power as it is written in tables and JSON.</summary>
internal static class PowerWords
{
    public static string Of(PowerState state) => state switch { PowerState.On => "on", PowerState.Off => "off", _ => "unknown" };

    public static PowerState Read(string word) => word switch { "on" => PowerState.On, "off" => PowerState.Off, _ => PowerState.Unknown };
}
