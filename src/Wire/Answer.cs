using Microsoft.AspNetCore.Http;

namespace Xiangyun.Wire;

/// <summary>What a handler answers: a status, and either an object that becomes JSON or a body that writes itself.</summary>
public sealed record Answer(int Status, object? Body = null)
{
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];
    public Func<HttpContext, Task>? Write { get; init; }

    public static readonly Answer NoContent = new(204);
    public static readonly Answer Accepted = new(202);

    public static Answer Ok(object body) => new(200, body);
    public static Answer Created(object body) => new(201, body);
    public static Answer AcceptedWith(object body) => new(202, body);

    public Answer With(string header, string value) => this with { Headers = [.. Headers, (header, value)] };
}
