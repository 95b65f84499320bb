namespace Xiangyun.Kernel;

/// <summary>One kind of request that an application credential may make.</summary>
/// <param name="Service">A type of the catalogue: <c>compute</c>.</param>
/// <param name="Path">As of the service's root, <c>/v2.1/servers/{id}</c>: a segment <c>*</c> or <c>{name}</c> stands for any one, <c>**</c> for any rest.</param>
public sealed record AccessRule(string Service, string Method, string Path);
