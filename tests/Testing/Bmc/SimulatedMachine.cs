namespace Xiangyun.Testing.Bmc;

/// <summary>The machine behind a simulated controller: its power, what it draws, and how it answers when it is asked to go.</summary>
public sealed class SimulatedMachine
{
    private readonly Lock _gate = new();

    public const string Maker = "Xiangyun", Model = "Simulated G5";

    /// <summary>Its system hangs: it ignores the power button, and only pulling the plug helps.</summary>
    public bool Hangs { get; set; }

    public bool On { get; private set; }

    /// <summary>Everything that was asked of it, in order: "on", "shutdown", "force".</summary>
    public List<string> Asked { get; } = [];

    public int Watts => On ? 182 : 7;

    public void Press(string what)
    {
        lock (_gate)
        {
            Asked.Add(what);
            On = what switch { "on" => true, "force" => false, _ => On && Hangs };
        }
    }
}
