namespace Xiangyun.Kernel;

public enum ErrorKind { Invalid, Unauthorized, Forbidden, NotFound, Conflict, OverLimit, NoCapacity, Unavailable }

/// <summary>
/// The one exception for an answer that is the caller's or the cloud's fault and is meant to be read:
/// its message says what, why and what to do. Each API maps kinds to its own body in one place.
/// Anything else that is thrown is a bug and becomes 500 with a request id.
/// </summary>
public sealed class CloudError(ErrorKind kind, string message, Exception? cause = null) : Exception(message, cause)
{
    public ErrorKind Kind => kind;

    /// <summary>The service's own type name where its body has one (Neutron: <c>NetworkInUse</c>).</summary>
    public string? Type { get; init; }

    /// <summary>Overrides the status that the kind stands for where the service's reference demands another one.</summary>
    public int? Status { get; init; }

    public static CloudError Invalid(string message, string? type = null) => new(ErrorKind.Invalid, message) { Type = type };
    public static CloudError Unauthorized(string message) => new(ErrorKind.Unauthorized, message);
    public static CloudError Forbidden(string message, string? type = null) => new(ErrorKind.Forbidden, message) { Type = type };
    public static CloudError NotFound(string message, string? type = null) => new(ErrorKind.NotFound, message) { Type = type };
    public static CloudError Conflict(string message, string? type = null) => new(ErrorKind.Conflict, message) { Type = type };
    public static CloudError OverLimit(string message, string? type = null) => new(ErrorKind.OverLimit, message) { Type = type };
    public static CloudError NoCapacity(string message) => new(ErrorKind.NoCapacity, message);
    public static CloudError Unavailable(string message, Exception? cause = null) => new(ErrorKind.Unavailable, message, cause);
}

/// <summary>An engine (libvirt, OVN, qemu-img ...) did not do what it was asked. Transient faults are tried again.</summary>
public sealed class EngineFault(string engine, string verb, string message, bool transient, int? exitCode = null, Exception? cause = null)
    : Exception($"{engine} {verb}: {message}", cause)
{
    public string Engine => engine;
    public string Verb => verb;
    public bool Transient => transient;
    public int? ExitCode => exitCode;
}
