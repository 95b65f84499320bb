namespace Xiangyun.Replay;

/// <summary>What the caller can put right; it is printed without a stack.</summary>
internal sealed class WrongUse(string message) : Exception(message);
