namespace Xiangyun.Testing;

/// <summary>This test proves an operation, as docs/compat lists them: <c>[Proves("GET /network/v2.0/networks")]</c>. Prefix parameters such as the project are left out.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class ProvesAttribute(string operation) : Attribute
{
    public string Operation => operation;
}
