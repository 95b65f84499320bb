namespace Xiangyun.Wire;

/// <summary>Stands between the rule of a writing route and its handler: it may only look at what the handler would do, or demand a request first.</summary>
public interface IGate
{
    Task<Answer> Pass(Call call, Func<Task<Answer>> handler);
}
