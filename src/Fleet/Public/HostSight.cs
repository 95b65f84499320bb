using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Fleet.Public;

/// <summary>Who may know which hosts there are and what they have: those whom the rule lets list them. Everybody else is told counts and reasons.</summary>
public static class HostSight
{
    public static bool Of(Actor actor) => Rules.Allows("fleet:list_hosts", actor);
}
