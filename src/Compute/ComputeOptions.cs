namespace Xiangyun.Compute;

/// <param name="Novnc">Directory of noVNC's static files; null = graphic consoles are not offered.</param>
public sealed record ComputeOptions(string? Novnc);
