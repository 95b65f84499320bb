using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Fleet.Public;

/// <summary>Registered by the module that keeps the operator's curves: what hosts draw where nothing measures it. All estimates come from here, so that no two pages differ.</summary>
public interface IPowerCurves
{
    Task<Func<HostView, PowerCurve>> Read(Query q);
}
