using Microsoft.Extensions.DependencyInjection;

namespace Xiangyun.Reconcile;

public static class ReconcileModule
{
    public static IServiceCollection AddReconcile(this IServiceCollection services) => services.AddHostedService<Loop>();

    public static IServiceCollection AddReconciler<T>(this IServiceCollection services) where T : class, IReconciler =>
        services.AddSingleton<IReconciler, T>();
}
