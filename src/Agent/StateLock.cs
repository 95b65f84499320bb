namespace Xiangyun.Agent;

/// <summary>One agent per state directory: two would fight over the same guests.</summary>
internal static class StateLock
{
    /// <exception cref="InvalidOperationException">Another agent holds it.</exception>
    public static FileStream Take(string state)
    {
        Directory.CreateDirectory(state);
        try
        {
            return new FileStream(Path.Combine(state, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new InvalidOperationException($"Another agent uses {state}.", e);
        }
    }
}
