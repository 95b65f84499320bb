namespace Xiangyun.Audit;

/// <param name="Secret">File with the secret under which the signing keys lie in the database; made at first start. Servers that share a database share it.</param>
public sealed record AuditOptions(string Secret);
